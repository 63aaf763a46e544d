//! Labels: from the values of voxels to classes, and the tables that tell people which is which.

use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::number::write_u64;
use ango_plugin_sdk::{Class, ClassTable, Failure, Found, Project, color};

use crate::options::{Options, Values};

/// The largest label: what readers of volumes agree on are signed 32 bits.
const MAX_LABEL: i64 = i32::MAX as i64;

/// What a stored value is in the volumes that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A class of the table, by its position, under this value.
    Class(u32, i32),
    /// No class of the ontology; the value stays.
    Unnamed(i32),
    /// No class of the ontology, and without one there is no index.
    Unmapped,
    /// A class that the options leave out.
    Excluded,
    /// No label at all.
    Unusable,
}

impl Meaning {
    /// The value that is written; 0, the background, for what is left out.
    pub(crate) fn output(self) -> i32 {
        match self {
            Self::Class(_, value) | Self::Unnamed(value) => value,
            Self::Unmapped | Self::Excluded | Self::Unusable => 0,
        }
    }
}

/// The labels of a run.
pub(crate) struct Labels {
    classes: ClassTable,
    values: Values,
    /// The value of a class by its position; `None` for one that no voxel can have.
    by_class: Vec<Option<i32>>,
}

impl Labels {
    pub(crate) fn new(project: &Project, options: &Options) -> Result<Self, Failure> {
        let classes = ClassTable::new(&project.tools, &options.classes)?;
        let is_known = project.tools.iter().any(is_voxel_brush);
        // The schema ids of voxel brushes are whole numbers from 1, but so are old ones of other tools: the kind decides where it is known.
        let label = |source: &u32| {
            let class = project.tools.get(*source as usize)?;
            class.schema_id.parse().ok().filter(|label| (1..=MAX_LABEL).contains(label) && (!is_known || is_voxel_brush(class)))
        };
        let mut count = 0;
        let by_class = classes.classes().iter().map(|class| {
            let stored: i64 = class.sources.iter().filter_map(label).min()?;
            count += 1;
            match options.values {
                Values::Schema => i32::try_from(stored).ok(),
                Values::Index => Some(count),
            }
        });
        let by_class = by_class.collect();
        Ok(Self { classes, values: options.values, by_class })
    }

    /// What a stored value other than 0 is.
    pub(crate) fn meaning(&self, stored: i64) -> Meaning {
        let Some(label) = i32::try_from(stored).ok().filter(|label| *label > 0) else { return Meaning::Unusable };
        let class = match self.classes.find(&label.to_string()) {
            Found::Excluded => return Meaning::Excluded,
            Found::Class(class) => Some(class),
            Found::Unmapped => None,
        };
        match class.and_then(|class| Some((class, self.by_class.get(class as usize).copied()??))) {
            Some((class, value)) => Meaning::Class(class, value),
            None if self.values == Values::Schema => Meaning::Unnamed(label),
            None => Meaning::Unmapped,
        }
    }

    /// The name of a class by its position.
    pub(crate) fn name(&self, class: u32) -> &str {
        self.classes.name(class)
    }

    /// `(value, name, color)` of every class that a voxel can have, by value.
    fn rows(&self) -> Vec<(i32, &str, [u8; 3])> {
        let mut rows: Vec<(i32, &str, [u8; 3])> = Vec::new();
        for (value, class) in self.by_class.iter().zip(self.classes.classes()) {
            let Some(value) = *value else { continue };
            let color = class.color.as_deref().and_then(color::rgb).unwrap_or_else(|| color::distinct(value.unsigned_abs()));
            rows.insert(rows.partition_point(|row| row.0 < value), (value, &class.name, color));
        }
        rows
    }

    /// `labels.json`: a list of `{"value":1,"name":"Liver","color":"#dd8265"}`.
    pub(crate) fn json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, (value, name, color)) in self.rows().into_iter().enumerate() {
            out.extend_from_slice(if at == 0 { b"[\n{\"value\":" } else { b",\n{\"value\":" });
            write_u64(&mut out, u64::from(value.unsigned_abs()));
            out.extend_from_slice(b",\"name\":");
            write_string(&mut out, name);
            let [red, green, blue] = color;
            out.extend_from_slice(format!(",\"color\":\"#{red:02x}{green:02x}{blue:02x}\"}}").as_bytes());
        }
        out.extend_from_slice(if out.is_empty() { b"[]\n" } else { b"\n]\n" });
        out
    }

    /// `labels.txt`: what ITK-SNAP calls a label description file.
    pub(crate) fn itk_snap(&self) -> Vec<u8> {
        let mut text = String::from(
            "################################################\n\
             # ITK-SnAP Label Description File\n\
             # File format: \n\
             # IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL\n\
             # Fields: \n\
             #    IDX:   Zero-based index \n\
             #    -R-:   Red color component (0..255)\n\
             #    -G-:   Green color component (0..255)\n\
             #    -B-:   Blue color component (0..255)\n\
             #    -A-:   Label transparency (0.00 .. 1.00)\n\
             #    VIS:   Label visibility (0 or 1)\n\
             #    MSH:   Label mesh visibility (0 or 1)\n\
             #  LABEL:   Label description \n\
             ################################################\n\
             \x20   0     0    0    0        0  0  0    \"Clear Label\"\n",
        );
        for (value, name, [red, green, blue]) in self.rows() {
            // The reader looks for the last quote of the line.
            let name = one_line(name).replace('"', "'");
            text.push_str(&format!("{value:5} {red:5} {green:4} {blue:4}        1  1  1    \"{name}\"\n"));
        }
        text.into_bytes()
    }

    /// `labels.ctbl`: a color table of 3D Slicer, whose names have no spaces.
    pub(crate) fn slicer(&self) -> Vec<u8> {
        let mut text = String::from("# Color table file labels.ctbl\n0 Background 0 0 0 0\n");
        for (value, name, [red, green, blue]) in self.rows() {
            let name = one_line(name).replace(char::is_whitespace, "_");
            let name = if name.is_empty() { "_" } else { &name };
            text.push_str(&format!("{value} {name} {red} {green} {blue} 255\n"));
        }
        text.into_bytes()
    }
}

/// Whether the project says that a tool is a voxel brush.
fn is_voxel_brush(class: &Class) -> bool {
    let kind = class.kind.to_ascii_lowercase();
    kind.contains("voxel") || kind.contains("medical")
}

/// A name on one line, as short as the line buffers of readers ask for.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
