//! Which tasks are wanted, and how they are found.
//!
//! Every filter yields a set of positions from one index; several filters are the sets' intersection. Stage, type and times lie in one index together and are asked for at
//! once.

use crate::error::{InFile, StoreError};
use crate::positions::Positions;
use ango_model::json::Document;
use ango_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, ToSql};
use std::path::Path;

/// The filters of an export (`ango-v3.md` section 3.1). `None` does not filter, an empty list selects nothing; the default selects everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Tasks in one of these stages, by id or by name.
    pub stages: Option<Vec<String>>,
    /// Tasks of one of these batches: as records name them, or by the id that the project's description gives to that name.
    pub batches: Option<Vec<String>>,
    /// Tasks of one of these types (`default`, `consensus`, `benchmark`). A record without a type is a `default` one.
    pub task_types: Option<Vec<String>>,
    /// Tasks changed after the first and before the second time, in milliseconds since 1970, both exclusive. With a bound, a task without a time is left out.
    pub updated: (Option<Timestamp>, Option<Timestamp>),
    /// Tasks created between two times, as in `updated`.
    pub created: (Option<Timestamp>, Option<Timestamp>),
    /// Tasks with one of these ids. Ids that the store does not have are passed over: see [`crate::Store::task_ids_missing`].
    pub tasks: Option<Vec<String>>,
}

/// A selection that was looked up.
#[derive(Debug)]
pub(crate) enum Found {
    /// All positions from 1 to this one.
    All(u64),
    Some(Positions),
}

impl Found {
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::All(last) => *last,
            Self::Some(positions) => positions.len(),
        }
    }

    /// The first run of wanted positions from `from` on, which is 1 or more: first and last.
    pub(crate) fn run_from(&self, from: u64) -> Option<(u64, u64)> {
        match self {
            Self::All(last) => (from <= *last).then_some((from, *last)),
            Self::Some(positions) => positions.run_from(from),
        }
    }
}

/// Looks a selection up. `connection` is in a transaction, so that what is found is what will be read.
pub(crate) fn find(connection: &Connection, path: &Path, selection: &Selection) -> Result<Found, StoreError> {
    let last = last_position(connection, path)?;
    let mut finder = Finder { connection, path, last };
    let mut found: Option<Positions> = None;
    let mut narrow = |set: Positions| match &mut found {
        Some(found) => found.intersect(&set),
        None => found = Some(set),
    };
    if let Some(tasks) = &selection.tasks {
        narrow(finder.tasks(tasks)?);
    }
    if let Some(batches) = &selection.batches {
        narrow(finder.batches(batches)?);
    }
    if selection.stages.is_some() || selection.task_types.is_some() || selection.updated != (None, None) || selection.created != (None, None) {
        narrow(finder.columns(selection)?);
    }
    Ok(found.map_or(Found::All(last), Found::Some))
}

/// The position of the last task, which is the number of tasks.
fn last_position(connection: &Connection, path: &Path) -> Result<u64, StoreError> {
    let last = |sql| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).in_file(path).map(Option::unwrap_or_default);
    let tasks = last("SELECT max(position) FROM task")?;
    if tasks != last("SELECT max(position) FROM record")? {
        return Err(StoreError::damaged(path, "tasks and records are not the same number"));
    }
    let size = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).in_file(path);
    // No task takes less than 16 bytes. Without this bound a forged position would size the sets.
    u64::try_from(tasks)
        .ok()
        .filter(|_| size("page_count").and_then(|pages| Ok(tasks <= pages.saturating_mul(size("page_size")?) / 16)).unwrap_or(false))
        .ok_or_else(|| StoreError::damaged(path, "the number of its tasks is wrong"))
}

struct Finder<'c> {
    connection: &'c Connection,
    path: &'c Path,
    last: u64,
}

impl Finder<'_> {
    /// Adds the positions that a query yields.
    fn collect(&self, into: &mut Positions, sql: &str, params: impl Params) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql).in_file(self.path)?;
        let mut rows = statement.query(params).in_file(self.path)?;
        while let Some(row) = rows.next().in_file(self.path)? {
            let position: i64 = row.get(0).in_file(self.path)?;
            match u64::try_from(position) {
                Ok(position) if (1..=self.last).contains(&position) => into.insert(position),
                _ => return Err(StoreError::damaged(self.path, "an index leads to a task that is not there")),
            }
        }
        Ok(())
    }

    /// One look at the index per id: no statement and no temporary table grows with the list.
    fn tasks(&mut self, ids: &[String]) -> Result<Positions, StoreError> {
        let mut found = Positions::default();
        for id in ids {
            self.collect(&mut found, "SELECT position FROM task WHERE task_id = ?1", [id])?;
        }
        Ok(found)
    }

    fn batches(&mut self, names: &[String]) -> Result<Positions, StoreError> {
        const BY_NAME: &str = "SELECT position FROM batch CROSS JOIN task_batch ON task_batch.batch = batch.key WHERE batch.name = ?1";
        let mut found = Positions::default();
        let project = project(self.connection, self.path)?;
        let known = project.as_deref().map(batches_of).unwrap_or_default();
        for wanted in names {
            self.collect(&mut found, BY_NAME, [wanted])?;
            for (_, name) in known.iter().filter(|(id, name)| id == wanted && name != wanted) {
                self.collect(&mut found, BY_NAME, [name])?;
            }
        }
        Ok(found)
    }

    /// Stage, type and times. One query per stage and type, so that each is a range of an index.
    fn columns(&mut self, selection: &Selection) -> Result<Positions, StoreError> {
        let stages = match &selection.stages {
            Some(wanted) => self.stages(wanted)?.into_iter().map(Some).collect(),
            None => vec![None],
        };
        let types = match &selection.task_types {
            Some(wanted) => wanted.iter().map(Some).collect(),
            None => vec![None],
        };
        let sql = column_query(selection);
        let mut found = Positions::default();
        for stage in &stages {
            for task_type in &types {
                let mut params: Vec<&dyn ToSql> = Vec::new();
                params.extend(stage.as_ref().map(|stage| stage as &dyn ToSql));
                params.extend(task_type.as_ref().map(|task_type| task_type as &dyn ToSql));
                for bound in [&selection.updated.0, &selection.updated.1, &selection.created.0, &selection.created.1] {
                    params.extend(bound.as_ref().map(|bound| bound as &dyn ToSql));
                }
                self.collect(&mut found, &sql, params.as_slice())?;
            }
        }
        Ok(found)
    }

    /// The numbers of stages, by id or by name.
    fn stages(&self, wanted: &[String]) -> Result<Vec<i64>, StoreError> {
        let mut keys = Vec::new();
        for name in wanted {
            let mut statement = self.connection.prepare_cached("SELECT key FROM stage WHERE id = ?1 OR name = ?1").in_file(self.path)?;
            for key in statement.query_map([name], |row| row.get(0)).in_file(self.path)? {
                keys.push(key.in_file(self.path)?);
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }
}

/// The query for one stage and one type, its parameters in this order.
fn column_query(selection: &Selection) -> String {
    let mut conditions = Vec::new();
    let mut condition = |present: bool, text: &'static str| {
        if present {
            conditions.push(text);
        }
    };
    condition(selection.stages.is_some(), "stage = ?");
    // The plus keeps the type's index out of the choice: most tasks are of one type, and a stage is always the better way in.
    condition(selection.task_types.is_some(), if selection.stages.is_some() { "+task_type = ?" } else { "task_type = ?" });
    condition(selection.updated.0.is_some(), "updated_at > ?");
    condition(selection.updated.1.is_some(), "updated_at < ?");
    condition(selection.created.0.is_some(), "created_at > ?");
    condition(selection.created.1.is_some(), "created_at < ?");
    format!("SELECT position FROM task WHERE {}", conditions.join(" AND "))
}

/// The project's description, as it was set.
pub(crate) fn project(connection: &Connection, path: &Path) -> Result<Option<String>, StoreError> {
    connection.query_row("SELECT json FROM project", [], |row| row.get(0)).optional().in_file(path)
}

/// Ids and names of the batches that a project's description lists.
fn batches_of(project: &str) -> Vec<(String, String)> {
    let Ok(document) = Document::parse(project) else { return Vec::new() };
    let Some(batches) = document.root().get("batches") else { return Vec::new() };
    let text = |value: Option<ango_model::json::Value<'_, '_>>| Some(value?.as_str()?.into_owned());
    batches.elements().filter_map(|batch| Some((text(batch.get("id").or_else(|| batch.get("_id")))?, text(batch.get("name"))?))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<rusqlite::Result<Vec<_>>>();
        rows.unwrap().join("; ")
    }

    #[test]
    fn filters_are_ranges_of_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let connection = crate::schema::open_write(&folder.path().join("store")).unwrap();
        let stage = Some(vec!["Complete".to_owned()]);
        let types = Some(vec!["default".to_owned()]);
        let none = (None, None);
        for (stages, task_types, updated, created, index) in [
            (stage.clone(), None, none, none, "COVERING INDEX task_stage (stage=?)"),
            (stage.clone(), None, (Some(1), None), none, "COVERING INDEX task_stage (stage=? AND updated_at>?)"),
            (
                stage.clone(),
                types.clone(),
                (Some(1), Some(9)),
                (Some(1), None),
                "COVERING INDEX task_stage (stage=? AND updated_at>? AND updated_at<?)",
            ),
            (stage, types.clone(), none, (Some(1), None), "COVERING INDEX task_stage (stage=?)"),
            (None, types.clone(), none, none, "COVERING INDEX task_type (task_type=?)"),
            (None, types, (None, Some(1)), none, "COVERING INDEX task_type (task_type=? AND updated_at<?)"),
            (None, None, (Some(1), None), none, "COVERING INDEX task_updated (updated_at>?)"),
            (None, None, none, (Some(1), Some(9)), "COVERING INDEX task_created (created_at>? AND created_at<?)"),
        ] {
            let selection = Selection { stages, task_types, updated, created, ..Selection::default() };
            let plan = plan(&connection, &column_query(&selection));
            assert!(plan.contains(index), "{selection:?}: {plan}");
            assert!(!plan.contains("SCAN"), "{selection:?}: {plan}");
        }
    }
}
