//! Class ids: those of the benchmark, or the project's own.

use ango_plugin_sdk::{ClassTable, Failure, Level, Run};

use crate::options::{ClassIds, Format, Options};

/// Names of MOT16 and MOT17 (Milan et al. 2016, table 3) with their ids, and what TrackEval calls them where that differs.
const MOT16: [(&str, u32); 15] = [
    ("pedestrian", 1),
    ("person on vehicle", 2),
    ("car", 3),
    ("bicycle", 4),
    ("motorbike", 5),
    ("non motorized vehicle", 6),
    ("non mot vehicle", 6),
    ("static person", 7),
    ("distractor", 8),
    ("occluder", 9),
    ("occluder on the ground", 10),
    ("occluder on ground", 10),
    ("occluder full", 11),
    ("reflection", 12),
    ("crowd", 13),
];
/// Names of KITTI MOTS and MOTS20 with their ids.
const MOTS: [(&str, u32); 2] = [("car", 1), ("pedestrian", 2)];
/// The class of regions to ignore, in every reader of MOTS.
pub(crate) const MOTS_IGNORED: u32 = 10;
/// Tools whose objects have an area: only their classes can be written.
const AREA_TOOLS: [&str; 4] = ["bounding-box", "rotated-bounding-box", "polygon", "segmentation"];

/// The class ids, by position in the table of classes.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    classes: Vec<Class>,
    /// `gt/labels.txt`: line by line the names of ids from 1. Empty with the benchmark's ids.
    pub(crate) labels: Vec<u8>,
}

/// What a class is in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// `None` if the benchmark has no such class.
    pub(crate) id: Option<u32>,
    pub(crate) ignored: bool,
}

impl Ids {
    pub(crate) fn new(run: &Run, table: &ClassTable, options: &Options) -> Result<Self, Failure> {
        let names: Vec<&str> = table.classes().iter().map(|class| class.name.as_str()).collect();
        let mut ignored = vec![false; names.len()];
        for (at, name) in options.ignored.iter().enumerate() {
            let known = names.iter().enumerate().filter(|(_, known)| **known == name);
            let found: Vec<usize> = known.map(|(class, _)| class).collect();
            if found.is_empty() {
                return Err(Failure::option(format!("/ignored/{at}"), format!("there is no class `{name}`")));
            }
            found.into_iter().for_each(|class| ignored[class] = true);
        }
        let official: Vec<Option<u32>> = names.iter().map(|name| official(options.format, name)).collect();
        let has_area = |source: &u32| run.project().tools.get(*source as usize).is_some_and(|tool| AREA_TOOLS.contains(&tool.kind.as_str()));
        // An ignored class of MOTS has an id of its own, whatever its name.
        let is_named = |(at, id): (usize, &Option<u32>)| id.is_some() || (options.format == Format::Mots && ignored[at]);
        let are_named = official.iter().enumerate().filter(|(at, _)| table.classes()[*at].sources.iter().any(has_area)).all(is_named)
            && official.iter().any(Option::is_some);
        let is_official = match options.class_ids {
            ClassIds::Official => true,
            ClassIds::Own => false,
            ClassIds::Auto => are_named,
        };
        let (ids, labels) = if is_official { (official, Vec::new()) } else { own(run, &names, options.format) };
        if !is_official && run.is_first_shard() && !names.is_empty() {
            let message = "class ids are the project's own, listed in gt/labels.txt: evaluate without the benchmark's preprocessing (TrackEval: `DO_PREPROC` is `False`), \
                           which takes them for its own classes, or give classes the benchmark's names with `classes.rename`";
            run.log(Level::Info, message);
        }
        let classes = ids.into_iter().zip(ignored).map(|(id, ignored)| Class { id, ignored }).collect();
        Ok(Self { classes, labels })
    }

    pub(crate) fn get(&self, class: u32) -> Class {
        self.classes.get(class as usize).copied().unwrap_or(Class { id: None, ignored: false })
    }
}

/// The benchmark's id for a name; case, underscores and hyphens do not matter.
fn official(format: Format, name: &str) -> Option<u32> {
    let spaced = name.to_lowercase().replace(['_', '-'], " ");
    let plain = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let known: &[(&str, u32)] = if format == Format::Mots { &MOTS } else { &MOT16 };
    known.iter().find(|(known, _)| *known == plain).map(|&(_, id)| id)
}

/// Ids from 1 in the order of classes, those of one name together, and the lines of `labels.txt`.
fn own(run: &Run, names: &[&str], format: Format) -> (Vec<Option<u32>>, Vec<u8>) {
    let mut lines: Vec<String> = Vec::new();
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        // One line each, and readers strip the ends.
        let line = name.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if line != *name && run.is_first_shard() {
            run.log(Level::Warning, &format!("class {name:?} is called {line:?} in gt/labels.txt"));
        }
        let known = lines.iter().position(|known| *known == line);
        let at = known.unwrap_or_else(|| {
            if format == Format::Mots && lines.len() + 1 == MOTS_IGNORED as usize {
                lines.push("ignored".to_owned());
            }
            lines.push(line);
            lines.len() - 1
        });
        ids.push(u32::try_from(at + 1).ok());
    }
    let mut text = Vec::new();
    for line in lines {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    (ids, text)
}
