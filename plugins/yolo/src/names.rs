//! Names of classes as the loader takes them.

use ango_plugin_sdk::images::Image;
use ango_plugin_sdk::{ClassTable, Object, Run};

/// Names of classes, in order.
pub(crate) struct ClassNames {
    names: Vec<String>,
    /// Whether the first one is not called as its class.
    changed: bool,
}

impl ClassNames {
    /// When the first name begins with `n0`, the loader takes all for codes of ImageNet (`n01440764`) and fails at one that is none. Then the first gets an
    /// underscore in front.
    pub(crate) fn new(classes: &ClassTable) -> Self {
        let mut names: Vec<String> = classes.classes().iter().map(|class| class.name.clone()).collect();
        let looks_like_a_code = names.first().is_some_and(|name| name.starts_with("n0"));
        let changed = looks_like_a_code && !names.iter().all(|name| is_code(name));
        if let Some(first) = names.first().filter(|_| changed).cloned() {
            let mut other = ["_", &first].concat();
            while names.contains(&other) {
                other.insert(0, '_');
            }
            names[0] = other;
        }
        Self { names, changed }
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.names
    }

    /// Reports an object of a class that is called otherwise.
    #[inline]
    pub(crate) fn report(&self, run: &Run, image: &Image<'_>, object: &Object, class: u32) {
        if self.changed && class == 0 {
            let detail = "object is there; its class is called with an underscore in front, because Ultralytics takes a first name in `n0` for a code of ImageNet";
            run.lost(image.task.index, Some(&object.object_id), "name-changed", detail);
        }
    }
}

/// Whether a name is a code of a WordNet noun, as ImageNet has them.
pub(crate) fn is_code(name: &str) -> bool {
    name.strip_prefix('n').is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}
