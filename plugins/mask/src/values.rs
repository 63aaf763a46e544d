//! What stands for a class or an object in a mask, and `class_mapping.json`, which says so.

use ango_plugin_sdk::png::Pixel;
use ango_plugin_sdk::{ClassTable, Failure, Level, Run, json, number, order};

use crate::colors::{self, Color, DIVERGING};
use crate::options::{Mapping, Options, Task};

/// The path of the mapping.
const PATH: &str = "class_mapping.json";

/// What a file of masks is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bit,
    Grey8,
    Grey16,
    Palette,
    Rgb,
}

/// Pixel values of classes and objects.
pub(crate) struct Values {
    kind: Kind,
    task: Task,
    mapping: Mapping,
    classes: Vec<u32>,
    /// Of classes, in colour masks and overlays.
    colors: Vec<Color>,
    palette: Vec<Color>,
    outline: u32,
    outline_color: Color,
    has_outlines: bool,
}

impl Values {
    pub(crate) fn new(options: &Options, table: &ClassTable, run: &Run) -> Result<Self, Failure> {
        let (task, mapping, count) = (options.task, options.class_mapping_type, table.classes().len());
        let has_outlines = options.outlines > 0.0;
        let kind = kind(options, count)?;
        let outline_color = colors::parse(&options.outline_color).ok_or_else(|| Failure::option("/outline_color", "must be a colour: `#rrggbb`"))?;
        let colors = class_colors(table, mapping, run);
        let classes = match (task, kind) {
            (Task::Binary | Task::Object, Kind::Bit) => vec![1; count],
            (Task::Binary | Task::Object, _) => vec![255; count],
            (_, Kind::Rgb) => colors.iter().map(|&color| colors::rgb(color)).collect(),
            _ if mapping == Mapping::Diverging => DIVERGING.iter().map(|&value| value.into()).take(count).collect(),
            _ => (1..).take(count).collect(),
        };
        let mut palette = Vec::new();
        let outline = match kind {
            Kind::Rgb => colors::rgb(outline_color),
            Kind::Grey16 => options.outline_value.unwrap_or(u16::MAX).into(),
            _ => options.outline_value.unwrap_or(255).into(),
        };
        if kind == Kind::Palette {
            palette.push([0; 3]);
            palette.extend_from_slice(&colors);
            if has_outlines && outline > 0 {
                // What is between has no meaning.
                palette.resize(palette.len().max(outline as usize + 1), [0; 3]);
                palette[outline as usize] = outline_color;
            }
        }
        let values = Self { kind, task, mapping, classes, colors, palette, outline, outline_color, has_outlines };
        values.check_outline(options)?;
        Ok(values)
    }

    /// An outline must not look like a class.
    fn check_outline(&self, options: &Options) -> Result<(), Failure> {
        if !self.has_outlines {
            return Ok(());
        }
        if self.task.is_black_and_white() {
            return Err(Failure::option("/outlines", format!("task `{}` has black and white and nothing for outlines", self.task.name())));
        }
        let most = if self.kind == Kind::Grey16 { 65_535 } else { 255 };
        if self.kind != Kind::Rgb && self.outline > most {
            return Err(Failure::option("/outline_value", format!("masks of 8 bits have values up to {most}")));
        }
        if self.task == Task::Semantic && self.classes.contains(&self.outline) {
            let pointer = match (self.kind, options.outline_value) {
                (Kind::Rgb, _) => "/outline_color",
                (_, Some(_)) => "/outline_value",
                _ => "/outlines",
            };
            return Err(Failure::option(
                pointer,
                "outlines would have the value of a class: set `outline_value` (or `outline_color`) to one that is free",
            ));
        }
        Ok(())
    }

    /// What the files are made of.
    pub(crate) fn pixel(&self) -> Pixel<'_> {
        match self.kind {
            Kind::Bit => Pixel::Bit,
            Kind::Grey8 => Pixel::Grey8,
            Kind::Grey16 => Pixel::Grey16,
            Kind::Palette => Pixel::Palette(&self.palette),
            Kind::Rgb => Pixel::Rgb,
        }
    }

    /// The value of a class.
    pub(crate) fn class(&self, class: u32) -> u32 {
        self.classes.get(class as usize).copied().unwrap_or(0)
    }

    /// The value of an object by its number, from 1; `None` if there is none left. That of outlines is passed over.
    pub(crate) fn instance(&self, number: u64) -> Option<u32> {
        const LAST: u32 = (1 << 24) - 1;
        let number = u32::try_from(number).ok()?;
        if self.kind == Kind::Rgb {
            let value = colors::rgb(colors::scattered(number));
            let free = if self.has_outlines && value == self.outline { LAST } else { number };
            return (number < LAST).then(|| colors::rgb(colors::scattered(free)));
        }
        let value = number + u32::from(self.has_outlines && self.outline > 0 && number >= self.outline);
        (value < 1 << 16).then_some(value)
    }

    /// The value of outlines.
    pub(crate) fn outline(&self) -> u32 {
        self.outline
    }

    /// The colour of a class.
    pub(crate) fn color(&self, class: u32) -> Color {
        self.colors.get(class as usize).copied().unwrap_or_default()
    }

    /// The colour of outlines.
    pub(crate) fn outline_color(&self) -> Color {
        self.outline_color
    }

    /// Appends a value as JSON: a number, or in masks of colours three.
    pub(crate) fn write_value(&self, out: &mut Vec<u8>, value: u32) {
        if self.kind == Kind::Rgb { write_color(out, colors::color(value)) } else { number::write_u64(out, value.into()) }
    }

    /// Writes `class_mapping.json`.
    pub(crate) fn write_mapping(&self, run: &Run, table: &ClassTable) {
        let out = &mut Vec::new();
        let depth = if self.kind == Kind::Bit { 1 } else { 8 };
        let depth = if self.kind == Kind::Grey16 { 16 } else { depth };
        out.extend_from_slice(b"{\"task\":");
        json::write_string(out, self.task.name());
        out.extend_from_slice(b",\"class_mapping_type\":");
        json::write_string(out, self.mapping.name());
        out.extend_from_slice(b",\"bit_depth\":");
        number::write_u64(out, depth);
        out.extend_from_slice(b",\"background\":");
        self.write_value(out, 0);
        out.extend_from_slice(b",\"outline\":");
        if self.has_outlines {
            self.write_value(out, self.outline)
        } else {
            out.extend_from_slice(b"null")
        }
        out.extend_from_slice(b",\n\"classes\":[");
        for (class, entry) in (0_u32..).zip(table.classes()) {
            out.extend_from_slice(if class == 0 { b"\n{\"id\":" } else { b",\n{\"id\":" });
            number::write_u64(out, u64::from(class) + 1);
            out.extend_from_slice(b",\"name\":");
            json::write_string(out, &entry.name);
            out.extend_from_slice(b",\"color\":");
            write_color(out, self.color(class));
            // Of an object's mask the value says nothing of its class.
            if matches!(self.task, Task::Semantic | Task::Binary) {
                out.extend_from_slice(b",\"value\":");
                self.write_value(out, self.class(class));
            }
            if self.task == Task::Binary {
                out.extend_from_slice(b",\"folder\":");
                json::write_string(out, &class_folder(class, &entry.name));
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"\n]}\n");
        run.add(PATH, out);
    }
}

fn write_color(out: &mut Vec<u8>, color: Color) {
    for (at, part) in color.into_iter().enumerate() {
        out.push(if at == 0 { b'[' } else { b',' });
        number::write_u64(out, part.into());
    }
    out.push(b']');
}

/// The folder of a class's masks: unique by its number, and safe on every system.
pub(crate) fn class_folder(class: u32, name: &str) -> String {
    const LONGEST: usize = 100;
    let mut folder = format!("masks/{}_", u64::from(class) + 1);
    for letter in name.chars() {
        if folder.len() + letter.len_utf8() > LONGEST {
            break;
        }
        folder.push(if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' });
    }
    folder
}

/// What masks are made of, if the options make sense together.
fn kind(options: &Options, count: usize) -> Result<Kind, Failure> {
    const POINTER: &str = "/class_mapping_type";
    let (task, mapping) = (options.task, options.class_mapping_type);
    if options.one_bit && !task.is_black_and_white() {
        return Err(Failure::option("/one_bit", format!("masks of task `{}` need more than one bit", task.name())));
    }
    if task != Task::Semantic && mapping != Mapping::Sequential && !(task == Task::Instance && mapping == Mapping::Qualitative) {
        return Err(Failure::option(POINTER, format!("`{}` is not for task `{}`", mapping.name(), task.name())));
    }
    let too_many = |most: usize| Failure::option(POINTER, format!("`{}` has values for {most} classes, the project has {count}", mapping.name()));
    match mapping {
        _ if options.one_bit => Ok(Kind::Bit),
        _ if task.is_black_and_white() => Ok(Kind::Grey8),
        Mapping::Qualitative | Mapping::ProjectColors => Ok(Kind::Rgb),
        Mapping::Sequential if task == Task::Instance => Ok(Kind::Grey16),
        Mapping::Sequential if count <= 255 => Ok(Kind::Grey8),
        Mapping::Sequential if count <= 65_535 => Ok(Kind::Grey16),
        Mapping::Sequential => Err(too_many(65_535)),
        Mapping::Diverging if count <= DIVERGING.len() => Ok(Kind::Grey8),
        Mapping::Palette if count <= 255 => Ok(Kind::Palette),
        Mapping::Diverging | Mapping::Palette => Err(too_many(255)),
    }
}

/// The colours of the classes. Where the project has none, black or one that another class has already, a free one is taken instead, and that is logged: in a mask
/// of colours such classes could not be told apart.
fn class_colors(table: &ClassTable, mapping: Mapping, run: &Run) -> Vec<Color> {
    let classes = table.classes();
    if mapping == Mapping::Qualitative {
        return colors::qualitative(classes.len()).collect();
    }
    let wanted: Vec<Option<Color>> = classes.iter().map(|class| class.color.as_deref().and_then(colors::parse)).collect();
    // By colour, the first class that has it first; black is the background's.
    let mut taken: Vec<(u64, u32)> =
        wanted.iter().zip(1..).filter_map(|(color, at)| Some((colors::rgb((*color)?).into(), at))).chain([(0, 0)]).collect();
    order::sort(&mut taken);
    taken.dedup_by_key(|(color, _)| *color);
    let has_own = |at: u32, color: Color| taken.binary_search(&(colors::rgb(color).into(), at)).is_ok();
    let kept: Vec<Option<Color>> = wanted.iter().zip(1..).map(|(color, at)| color.filter(|color| has_own(at, *color))).collect();
    let is_taken = |color: Color| taken.binary_search_by_key(&u64::from(colors::rgb(color)), |(taken, _)| *taken).is_ok();
    let mut free = colors::qualitative(2 * classes.len() + 1).filter(|color| !is_taken(*color));
    let colors: Vec<Color> = kept.iter().map(|kept| kept.or_else(|| free.next()).unwrap_or_default()).collect();
    if mapping == Mapping::ProjectColors && run.is_first_shard() {
        for ((class, _), color) in classes.iter().zip(&kept).zip(&colors).filter(|((_, kept), _)| kept.is_none()) {
            let [red, green, blue] = color;
            let message = format!("class {:?} has no colour of its own in the project and gets #{red:02x}{green:02x}{blue:02x}", class.name);
            run.log(Level::Warning, &message);
        }
    }
    colors
}
