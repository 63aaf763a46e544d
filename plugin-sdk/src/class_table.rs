//! The classes of a converted export: those of the ontology, chosen, renamed, merged and ordered as the options say.

use crate::classes::ClassIndex;
use crate::options::ClassOptions;
use crate::order::sorted_positions;
use crate::run::Run;
use crate::types::{Class, Failure, Object};

/// A class of the converted export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableClass {
    /// What it is called.
    pub name: String,
    /// `#rrggbb` of the first class that it is made of, as the project has it.
    pub color: Option<String>,
    /// Positions in the project's list of the classes that it is made of, in project order; none only of one that a converter [adds](ClassTable::add).
    pub sources: Vec<u32>,
}

/// What a schema id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A class of the table, by its position.
    Class(u32),
    /// A class that the options leave out.
    Excluded,
    /// No class of the ontology.
    Unmapped,
}

/// The classes of a converted export, and the way there from a schema id.
///
/// Classes of one name are one: many projects have a tool for boxes and one for polygons that are both called `car`, and to a model that is one
/// class. Who wants them apart renames one by its schema id. Positions are class ids from 0, the same in every shard and from export
/// to export as long as the ontology only grows at its end.
#[derive(Clone, Debug)]
pub struct ClassTable {
    classes: Vec<TableClass>,
    index: ClassIndex,
    /// By position in the project's list.
    places: Vec<Option<u32>>,
}

impl ClassTable {
    /// A table of these classes of the ontology (tools, for most formats).
    ///
    /// # Errors
    ///
    /// When the options name a class that does not exist, or merge a class into two.
    pub fn new(ontology: &[Class], options: &ClassOptions) -> Result<Self, Failure> {
        let said = choose(ontology, options)?;
        let mut classes: Vec<TableClass> = Vec::with_capacity(ontology.len());
        let mut places = vec![None; ontology.len()];
        // Positions by name: a project of thousands of classes is not compared with itself.
        let name = |at: u32| said[at as usize].name;
        let order = sorted_positions(ontology.len(), &mut |a, b| name(a) < name(b));
        let mut first_of_name = vec![0; ontology.len()];
        for alike in order.chunk_by(|&a, &b| name(a) == name(b)) {
            // The sort is stable, and who is left out is not the first.
            let first = alike.iter().copied().find(|&at| said[at as usize].taken);
            alike.iter().for_each(|&at| first_of_name[at as usize] = first.unwrap_or(at));
        }
        for (at, class) in (0..).zip(ontology) {
            let said = &said[at as usize];
            let first = first_of_name[at as usize];
            if !said.taken {
                continue;
            }
            if first != at {
                places[at as usize] = places[first as usize];
                if let Some(whole) = places[first as usize].and_then(|place: u32| classes.get_mut(place as usize)) {
                    whole.sources.push(at);
                }
                continue;
            }
            places[at as usize] = Some(index(classes.len()));
            classes.push(TableClass { name: said.name.to_owned(), color: class.color.clone(), sources: vec![at] });
        }
        reorder(&mut classes, &mut places, &options.order)?;
        Ok(Self { classes, index: ClassIndex::new(ontology), places })
    }

    /// The classes; positions are class ids.
    pub fn classes(&self) -> &[TableClass] {
        &self.classes
    }

    /// What a schema id stands for.
    #[inline]
    pub fn find(&self, schema_id: &str) -> Found {
        match self.index.find(schema_id) {
            None => Found::Unmapped,
            Some(at) => self.places.get(at as usize).copied().flatten().map_or(Found::Excluded, Found::Class),
        }
    }

    /// The class of an object; `None` if it has none that is written, which is reported. `task` is [`Task::index`](crate::Task).
    #[inline]
    pub fn class_of(&self, run: &Run, task: u64, object: &Object) -> Option<u32> {
        match self.find(&object.schema_id) {
            Found::Class(class) => Some(class),
            other => {
                report_without_class(run, task, object, other);
                None
            }
        }
    }

    /// The position of the first class of a name.
    pub fn named(&self, name: &str) -> Option<u32> {
        self.classes.iter().position(|class| class.name == name).map(index)
    }

    /// Adds a class that no schema id stands for, behind the others, and gives its position.
    pub fn add(&mut self, name: &str) -> u32 {
        self.classes.push(TableClass { name: name.to_owned(), color: None, sources: Vec::new() });
        index(self.classes.len() - 1)
    }

    /// The class at a position; `None` beyond the last.
    pub fn get(&self, place: u32) -> Option<&TableClass> {
        self.classes.get(place as usize)
    }

    /// The name of the class at a position; empty beyond the last.
    pub fn name(&self, place: u32) -> &str {
        self.get(place).map_or("", |class| &class.name)
    }
}

#[cold]
fn report_without_class(run: &Run, task: u64, object: &Object, found: Found) {
    let (title, id) = (&object.title, &object.schema_id);
    if found == Found::Excluded {
        run.lost(task, Some(&object.object_id), "class-excluded", format_args!("class {title:?} is left out by option `classes`"));
    } else {
        run.lost(task, Some(&object.object_id), "class-unmapped", format_args!("class {title:?} ({id}) is not in the ontology"));
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What the options say of a class of the ontology.
#[derive(Clone, Copy)]
struct Said<'a> {
    taken: bool,
    name: &'a str,
    merged: bool,
}

/// Includes, excludes, renames and merges.
#[inline(never)]
fn choose<'a>(ontology: &'a [Class], options: &'a ClassOptions) -> Result<Vec<Said<'a>>, Failure> {
    let start = |class: &'a Class| Said { taken: options.include.is_none(), name: &class.title, merged: false };
    let mut said: Vec<Said<'a>> = ontology.iter().map(start).collect();
    for (list, take, names) in [("include", true, options.include.as_deref().unwrap_or_default()), ("exclude", false, &options.exclude)] {
        for (at, name) in names.iter().enumerate() {
            let pointer = ["/classes/", list, "/", &at.to_string()];
            each(ontology, &mut said, name, &pointer, &mut |said| {
                said.taken = take;
                true
            })?;
        }
    }
    for (old, new) in &options.rename.0 {
        each(ontology, &mut said, old, &["/classes/rename/", &escape(old)], &mut |said| {
            said.name = new;
            true
        })?;
    }
    for (name, sources) in &options.merge.0 {
        for (at, source) in sources.iter().enumerate() {
            let pointer = ["/classes/merge/", &escape(name), "/", &at.to_string()];
            each(ontology, &mut said, source, &pointer, &mut |said| {
                let is_free = !said.merged || said.name == name;
                (said.merged, said.name) = (true, name);
                is_free
            })?;
        }
    }
    Ok(said)
}

/// Says something of every class that a name means. `say` answers whether it could.
#[inline(never)]
fn each<'a>(
    ontology: &[Class],
    said: &mut [Said<'a>],
    name: &str,
    pointer: &[&str],
    say: &mut dyn FnMut(&mut Said<'a>) -> bool,
) -> Result<(), Failure> {
    let mut any = false;
    for (_, said) in ontology.iter().zip(said).filter(|(class, _)| class.title == name || class.schema_id == name) {
        any = true;
        if !say(said) {
            return Err(Failure::option(pointer.concat(), format!("class `{name}` is merged twice")));
        }
    }
    if any { Ok(()) } else { Err(Failure::option(pointer.concat(), unknown(name, &mut ontology.iter().map(|class| class.title.as_str())))) }
}

/// Puts the classes that are named first, in that order.
#[inline(never)]
fn reorder(classes: &mut Vec<TableClass>, places: &mut [Option<u32>], order: &[String]) -> Result<(), Failure> {
    let mut rest: Vec<Option<TableClass>> = std::mem::take(classes).into_iter().map(Some).collect();
    for (at, name) in order.iter().enumerate() {
        let named = |class: &mut Option<TableClass>| class.take_if(|class| class.name == *name);
        let before = classes.len();
        classes.extend(rest.iter_mut().filter_map(named));
        if classes.len() == before {
            let twice = order[..at].contains(name);
            let reason = if twice {
                format!("class `{name}` is there twice")
            } else {
                unknown(name, &mut rest.iter().flatten().map(|class| class.name.as_str()))
            };
            return Err(Failure::option(format!("/classes/order/{at}"), reason));
        }
    }
    classes.extend(rest.into_iter().flatten());
    for (place, class) in classes.iter().enumerate() {
        for &source in &class.sources {
            places[source as usize] = Some(index(place));
        }
    }
    Ok(())
}

/// The message for a class that does not exist, with some that do.
#[cold]
fn unknown(name: &str, known: &mut dyn Iterator<Item = &str>) -> String {
    const SHOWN: usize = 20;
    let mut names: Vec<String> = known.take(SHOWN + 1).map(|name| format!("`{name}`")).collect();
    if names.len() > SHOWN {
        names.truncate(SHOWN);
        names.push("...".to_owned());
    }
    if names.is_empty() { format!("there is no class `{name}`") } else { format!("there is no class `{name}`; there are {}", names.join(", ")) }
}

/// A key in a JSON pointer.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn ontology(titles: &[&str]) -> Vec<Class> {
        (0..)
            .zip(titles)
            .map(|(index, title)| Class {
                index,
                schema_id: format!("s{index}"),
                title: (*title).to_owned(),
                kind: "polygon".to_owned(),
                color: Some(format!("#00000{index}")),
                options: Vec::new(),
                parent: None,
            })
            .collect()
    }

    fn table(titles: &[&str], options: &str) -> Result<(Vec<String>, Vec<Found>), Failure> {
        let table = ClassTable::new(&ontology(titles), &serde_json::from_str(options).unwrap())?;
        let names = table.classes().iter().map(|class| class.name.clone()).collect();
        Ok((names, (0..titles.len()).map(|at| table.find(&format!("s{at}"))).collect()))
    }

    use Found::{Class as At, Excluded, Unmapped};
    const TITLES: [&str; 4] = ["car", "sky", "truck", "person"];

    #[test]
    fn without_options_it_is_the_ontology() {
        let (names, found) = table(&TITLES, "{}").unwrap();
        assert_eq!(names, TITLES);
        assert_eq!(found, [At(0), At(1), At(2), At(3)]);
        assert_eq!(ClassTable::new(&ontology(&TITLES), &ClassOptions::default()).unwrap().find("other"), Unmapped);
        // Two tools of one title are one class, unless one is renamed.
        assert_eq!(table(&["car", "sky", "car"], "{}").unwrap(), (vec!["car".to_owned(), "sky".to_owned()], vec![At(0), At(1), At(0)]));
        assert_eq!(table(&["car", "sky", "car"], r#"{"rename":{"s2":"outline"}}"#).unwrap().1, [At(0), At(1), At(2)]);
        assert_eq!(table(&["car", "sky", "car"], r#"{"exclude":["s0"]}"#).unwrap().1, [Excluded, At(0), At(1)]);
    }

    #[test]
    fn classes_are_chosen_renamed_merged_and_ordered() {
        let (names, found) = table(&TITLES, r#"{"exclude":["sky"]}"#).unwrap();
        assert_eq!((names.join(" "), found), ("car truck person".to_owned(), vec![At(0), Excluded, At(1), At(2)]));
        let (names, found) = table(&TITLES, r#"{"include":["person","s0"]}"#).unwrap();
        assert_eq!((names.join(" "), found), ("car person".to_owned(), vec![At(0), Excluded, Excluded, At(1)]));
        let (names, found) =
            table(&TITLES, r#"{"merge":{"vehicle":["truck","car"]},"rename":{"person":"pedestrian"},"order":["pedestrian"]}"#).unwrap();
        assert_eq!((names.join(" "), found), ("pedestrian vehicle sky".to_owned(), vec![At(1), At(2), At(1), At(0)]));
        // A merged class may have the name of one of its own.
        let (names, _) = table(&TITLES, r#"{"merge":{"car":["car","truck"]}}"#).unwrap();
        assert_eq!(names.join(" "), "car sky person");
        // By title all classes of it are meant.
        assert_eq!(table(&["car", "car", "sky"], r#"{"include":["car"]}"#).unwrap().1, [At(0), At(0), Excluded]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_name() {
        for (options, pointer) in [
            (r#"{"include":["car","plane"]}"#, "/classes/include/1"),
            (r#"{"rename":{"a/b":"c"}}"#, "/classes/rename/a~1b"),
            (r#"{"merge":{"x":["car"],"y":["car"]}}"#, "/classes/merge/y/0"),
            (r#"{"order":["truck","truck"]}"#, "/classes/order/1"),
            (r#"{"exclude":["sky"],"order":["sky"]}"#, "/classes/order/0"),
        ] {
            let Err(Failure::Options(error)) = table(&TITLES, options) else { panic!("{options}") };
            assert_eq!(error.pointer, pointer);
        }
        let Err(Failure::Options(error)) = table(&TITLES, r#"{"exclude":["plane"]}"#) else { panic!() };
        assert_eq!(error.reason, "there is no class `plane`; there are `car`, `sky`, `truck`, `person`");
    }

    #[test]
    fn renaming_onto_another_class_makes_them_one() {
        assert_eq!(
            table(&TITLES, r#"{"rename":{"car":"truck"}}"#).unwrap(),
            (vec!["truck".into(), "sky".into(), "person".into()], vec![At(0), At(1), At(0), At(2)])
        );
        assert_eq!(table(&TITLES, r#"{"rename":{"car":"truck","truck":"car"}}"#).unwrap().0.join(" "), "truck sky car person");
    }
}
