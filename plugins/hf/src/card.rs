//! The files beside the rows: the names of the classes, and the data set card.

use ango_plugin_sdk::json::write_string;
use ango_plugin_sdk::text::yaml::write_quoted;
use ango_plugin_sdk::{ClassTable, Project};

/// `classes.json`: the names by their place in `categories`.
pub(crate) fn classes(table: &ClassTable) -> Vec<u8> {
    let mut out = b"[".to_vec();
    for (at, class) in table.classes().iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(&mut out, &class.name);
    }
    out.extend_from_slice(b"]\n");
    out
}

/// `README.md`, the data set card: what the Hub shows.
pub(crate) fn readme(project: &Project, table: &ClassTable) -> Vec<u8> {
    let name = if project.name.is_empty() { "Annotated images" } else { project.name.as_str() };
    let mut out = b"---\npretty_name: ".to_vec();
    write_quoted(&mut out, name);
    out.extend_from_slice(b"\ntask_categories:\n- object-detection\n---\n\n# ");
    out.extend_from_slice(one_line(name).as_bytes());
    out.extend_from_slice(
        b"\n\n`load_dataset(\"imagefolder\", data_dir=...)` reads this folder once the images of `images.csv` are in their places.\n\
        `objects.bbox` is x, y, width, height in pixels from the top-left corner; `objects.categories` counts these classes from 0\n\
        (`classes.json` has them too):\n\n",
    );
    for (at, class) in table.classes().iter().enumerate() {
        out.extend_from_slice(format!("{at}. {}\n", one_line(&class.name)).as_bytes());
    }
    out
}

/// Markdown in one line, without markup.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '#' | '|' | '&' | '~' => {
                line.push('\\');
                line.push(c);
            }
            _ if c.is_control() => line.push(' '),
            _ => line.push(c),
        }
    }
    line
}
