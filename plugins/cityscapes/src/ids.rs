//! The numbers of classes in masks.

use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::text::csv::write_cell;
use ango_plugin_sdk::{ClassTable, Failure};

use crate::options::LabelIds;

/// What pixels without a class are in `labelTrainIds`, and those of classes that training ignores.
pub(crate) const IGNORED: u8 = 255;
/// The highest number of a class whose instances have numbers of their own, which are the class's times 1000 and more, in 16 bits.
const MAX_WITH_INSTANCES: usize = 64;

/// The classes of the original data set: number, number in training, whether instances are told apart (cityscapesScripts, `helpers/labels.py`). The license plate
/// has no number and is not painted.
const OFFICIAL: [(&str, Option<u8>, u8, bool); 35] = [
    ("unlabeled", Some(0), 255, false),
    ("ego vehicle", Some(1), 255, false),
    ("rectification border", Some(2), 255, false),
    ("out of roi", Some(3), 255, false),
    ("static", Some(4), 255, false),
    ("dynamic", Some(5), 255, false),
    ("ground", Some(6), 255, false),
    ("road", Some(7), 0, false),
    ("sidewalk", Some(8), 1, false),
    ("parking", Some(9), 255, false),
    ("rail track", Some(10), 255, false),
    ("building", Some(11), 2, false),
    ("wall", Some(12), 3, false),
    ("fence", Some(13), 4, false),
    ("guard rail", Some(14), 255, false),
    ("bridge", Some(15), 255, false),
    ("tunnel", Some(16), 255, false),
    ("pole", Some(17), 5, false),
    ("polegroup", Some(18), 255, false),
    ("traffic light", Some(19), 6, false),
    ("traffic sign", Some(20), 7, false),
    ("vegetation", Some(21), 8, false),
    ("terrain", Some(22), 9, false),
    ("sky", Some(23), 10, false),
    ("person", Some(24), 11, true),
    ("rider", Some(25), 12, true),
    ("car", Some(26), 13, true),
    ("truck", Some(27), 14, true),
    ("bus", Some(28), 15, true),
    ("caravan", Some(29), 255, true),
    ("trailer", Some(30), 255, true),
    ("train", Some(31), 16, true),
    ("motorcycle", Some(32), 17, true),
    ("bicycle", Some(33), 18, true),
    ("license plate", None, 255, true),
];

/// The numbers of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    /// In `labelIds`; `None` if it is not painted.
    pub(crate) label: Option<u8>,
    /// In `labelTrainIds`.
    pub(crate) train: u8,
    /// Whether `instanceIds` tells instances apart.
    pub(crate) instances: bool,
}

/// The numbers of classes.
pub(crate) struct Ids(Vec<Id>);

impl Ids {
    /// # Errors
    ///
    /// When there are more classes than masks have numbers.
    pub(crate) fn new(classes: &ClassTable, kind: LabelIds) -> Result<Self, Failure> {
        let official: Option<Vec<Id>> = classes.classes().iter().map(|class| official(&class.name)).collect();
        if let Some(official) = official.filter(|_| kind == LabelIds::Auto) {
            return Ok(Self(official));
        }
        let count = classes.classes().len();
        if count > MAX_WITH_INSTANCES {
            let reason = format!(
                "there are {count} classes, and masks of instances hold {MAX_WITH_INSTANCES}: choose or merge some with `classes`, or write none with `masks`"
            );
            return Err(Failure::option("/masks", reason));
        }
        Ok(Self((0..count as u8).map(|at| Id { label: Some(at + 1), train: at, instances: true }).collect()))
    }

    pub(crate) fn get(&self, class: u32) -> Id {
        self.0.get(class as usize).copied().unwrap_or(Id { label: None, train: IGNORED, instances: false })
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// `labels.csv`, with the columns of `helpers/labels.py` that there is something to say about.
    pub(crate) fn table(&self, classes: &ClassTable) -> Vec<u8> {
        let mut out = b"name,id,trainId,hasInstances\r\n".to_vec();
        for (class, id) in classes.classes().iter().zip(&self.0) {
            write_cell(&mut out, &class.name);
            out.push(b',');
            match id.label {
                Some(label) => write_u64(&mut out, label.into()),
                None => out.extend_from_slice(b"-1"),
            }
            out.push(b',');
            write_u64(&mut out, id.train.into());
            out.extend_from_slice(if id.instances { b",1\r\n" } else { b",0\r\n" });
        }
        out
    }
}

fn official(name: &str) -> Option<Id> {
    OFFICIAL.into_iter().find(|(known, ..)| *known == name).map(|(_, label, train, instances)| Id { label, train, instances })
}
