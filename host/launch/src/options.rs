//! Options of plugins as people write them on a command line: `KEY=VALUE`, with a path of keys for what is nested.

use crate::error::LaunchError;
use serde_json::{Map, Value};

/// The options of a single plugin, each as `KEY=VALUE` or `KEY.KEY=VALUE`.
///
/// # Errors
/// When one is not, or is given twice.
pub fn values(options: &[String]) -> Result<Value, LaunchError> {
    let mut values = Map::new();
    for option in options {
        let Some((path, value)) = option.split_once('=') else {
            return Err(LaunchError::asked(format!("option {option}: expected KEY=VALUE")));
        };
        set(&mut values, path, value, option)?;
    }
    Ok(Value::Object(values))
}

/// A plugin of a run, as far as its options care.
pub(crate) struct Known<'a> {
    /// What options name it by.
    pub(crate) name: &'a str,
    /// The JSON schema of its options.
    pub(crate) schema: &'a Value,
}

/// The options of several plugins, each as `[PLUGIN.]KEY=VALUE`.
///
/// # Errors
/// When one is not, is given twice, or does not say for which plugin.
pub(crate) fn values_of(options: &[String], plugins: &[Known<'_>]) -> Result<Vec<Map<String, Value>>, LaunchError> {
    let mut values = vec![Map::new(); plugins.len()];
    for option in options {
        let (index, path, value) = place(option, plugins)?;
        set(&mut values[index], path, value, option)?;
    }
    Ok(values)
}

/// Whose option it is, its path and its value. What stands before the first dot is a plugin, or else an option of the only plugin.
fn place<'a>(option: &'a str, plugins: &[Known<'_>]) -> Result<(usize, &'a str, &'a str), LaunchError> {
    let fail = |problem: String| Err(LaunchError::asked(format!("option {option}: {problem}")));
    let Some((name, value)) = option.split_once('=') else { return fail("expected [PLUGIN.]KEY=VALUE".into()) };
    let names = || plugins.iter().map(|plugin| plugin.name).collect::<Vec<_>>().join(", ");
    match (name.split_once('.'), plugins) {
        (Some((first, rest)), _) => {
            if let Some(index) = plugins.iter().position(|plugin| plugin.name == first) {
                return Ok((index, rest, value));
            }
            match plugins {
                [only] if only.schema["properties"].get(first).is_some() => Ok((0, name, value)),
                _ => fail(format!("plugin '{first}' is not one of this run: {}", names())),
            }
        }
        (None, [_]) => Ok((0, name, value)),
        (None, []) => fail(format!("say for which plugin, as PLUGIN.{name}: there are none")),
        (None, _) => fail(format!("say for which plugin, as PLUGIN.{name}: there are {}", names())),
    }
}

/// Sets what a path of keys leads to. The value is JSON, or else a text.
fn set(values: &mut Map<String, Value>, path: &str, value: &str, option: &str) -> Result<(), LaunchError> {
    let twice = || LaunchError::asked(format!("option {option}: the option is given twice"));
    let mut keys: Vec<&str> = path.split('.').collect();
    let Some(last) = keys.pop() else { return Err(twice()) };
    let mut into = values;
    for key in keys {
        let next = into.entry(key).or_insert_with(|| Value::Object(Map::new()));
        into = next.as_object_mut().ok_or_else(twice)?;
    }
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    if into.insert(last.to_owned(), value).is_some() { Err(twice()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use serde_json::json;

    fn read(options: &[&str], names: &[&str]) -> Result<Value, String> {
        let schema = json!({ "properties": { "task": {}, "split": {} } });
        let plugins: Vec<Known<'_>> = names.iter().map(|name| Known { name, schema: &schema }).collect();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        values_of(&options, &plugins).map(|values| json!(values)).map_err(|error| error.to_string())
    }

    #[test]
    fn options_belong_to_a_plugin() {
        assert_eq!(read(&["task=segment"], &["yolo"]), Ok(json!([{ "task": "segment" }])));
        assert_eq!(read(&["yolo.ratio=0.2", "coco.x=a=b"], &["coco", "yolo"]), Ok(json!([{ "x": "a=b" }, { "ratio": 0.2 }])));
        assert!(read(&["task=segment"], &["coco", "yolo"]).is_err_and(|problem| problem.contains("PLUGIN.task")));
        assert!(read(&["voc.x=1"], &["coco"]).is_err_and(|problem| problem.contains("'voc' is not one")));
        assert!(read(&["split.by=ratio"], &["coco", "yolo"]).is_err_and(|problem| problem.contains("'split' is not one")));
        assert!(read(&["task"], &["yolo"]).is_err());
    }

    #[test]
    fn nested_options_have_paths() {
        let want = json!([{ "split": { "by": "ratio", "val_ratio": 0.2 } }]);
        assert_eq!(read(&["split.by=ratio", "split.val_ratio=0.2"], &["yolo"]), Ok(want.clone()));
        assert_eq!(read(&["yolo.split.by=ratio", "yolo.split.val_ratio=0.2"], &["yolo"]), Ok(want.clone()));
        assert_eq!(read(&[r#"split={"by":"ratio"}"#, "split.val_ratio=0.2"], &["yolo"]), Ok(want));
        for twice in [["task=1", "task=2"], ["split.by=a", "split.by=b"], ["task=1", "task.x=2"], ["split.by=a", "split={}"]] {
            assert!(read(&twice, &["yolo"]).is_err_and(|problem| problem.contains("given twice")), "{twice:?}");
        }
        let one = |options: &[&str]| values(&options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>()).unwrap();
        assert_eq!(one(&["a.b=1", "c=x"]), json!({ "a": { "b": 1 }, "c": "x" }));
    }
}
