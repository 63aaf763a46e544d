//! `relations`: a row for each relation.

use ango_plugin_sdk::{Direction, Relation, RelationMembers, Run};

use crate::record::Record;
use crate::sheet::Sheet;

/// The columns behind those of the task.
pub(crate) const COLUMNS: &str = "relation_id,schema_id,relation,kind,source,target,direction,members,page";

/// Writes the row of a relation.
pub(crate) fn add(sheet: &mut Sheet, run: &Run, record: &Record<'_>, relation: &Relation) {
    record.begin_short(sheet);
    sheet.text(&relation.object_id);
    sheet.text(&relation.schema_id);
    sheet.text(&relation.title);
    match &relation.members {
        RelationMembers::Pair(pair) => {
            sheet.text("pair");
            sheet.text(&pair.source);
            sheet.text(&pair.target);
            sheet.text(match pair.direction {
                Direction::Straight => "straight",
                Direction::Reverse => "reverse",
                Direction::Bidirectional => "bidirectional",
            });
            sheet.list(&[&pair.source, &pair.target]);
        }
        RelationMembers::Group(members) => {
            sheet.text("group");
            sheet.nothings(3);
            sheet.list(members);
        }
    }
    sheet.optional_count(relation.page);
    sheet.end(run, record.task.index, Some(&relation.object_id));
}
