//! From the schema id of an object to its class.

use crate::types::Class;

/// Finds classes of an ontology by schema id. Safe against ids chosen to collide, as it compares and does not hash.
#[derive(Clone, Debug)]
pub struct ClassIndex {
    /// Sorted by id. Its first bytes are kept beside it, as following a pointer for every comparison is what takes the time.
    ids: Vec<(u64, String, u32)>,
}

impl ClassIndex {
    /// An index of classes. Of two classes with the same schema id the first one counts.
    pub fn new(classes: &[Class]) -> Self {
        let mut ids: Vec<_> = classes.iter().map(|class| (prefix(&class.schema_id), class.schema_id.clone(), class.index)).collect();
        ids.sort_by(|a, b| a.1.cmp(&b.1));
        ids.dedup_by(|later, first| later.1 == first.1);
        Self { ids }
    }

    /// The class's [`index`](Class::index); `None` when the ontology has no such class.
    #[inline]
    pub fn find(&self, schema_id: &str) -> Option<u32> {
        let wanted = prefix(schema_id);
        let at = self.ids.binary_search_by(|(prefix, id, _)| prefix.cmp(&wanted).then_with(|| id.as_str().cmp(schema_id))).ok()?;
        self.ids.get(at).map(|&(_, _, index)| index)
    }
}

/// The first eight bytes as a number that orders as they do; a shorter text is filled up with zeros, which keeps the order.
#[inline]
fn prefix(text: &str) -> u64 {
    let bytes = text.as_bytes();
    if let Some(first) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*first);
    }
    let mut padded = [0; 8];
    padded[..bytes.len()].copy_from_slice(bytes);
    u64::from_be_bytes(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_found_and_nothing_else() {
        let ids = ["", "a", "a\0", "b", "same-prefix-1", "same-prefix-2", "same-prefix", "é", "zzzzzzzz", "same-prefix-1"];
        let classes: Vec<Class> = (0..)
            .zip(ids)
            .map(|(index, id)| Class {
                index,
                schema_id: id.to_owned(),
                title: String::new(),
                kind: String::new(),
                color: None,
                options: Vec::new(),
                parent: None,
            })
            .collect();
        let index = ClassIndex::new(&classes);
        for (at, id) in (0..).zip(&ids[..9]) {
            assert_eq!(index.find(id), Some(at), "{id:?}");
        }
        assert_eq!(index.find("same-prefix-1"), Some(4));
        for id in ["b\0", "same-prefix-3", "zzzzzzzzz"] {
            assert_eq!(index.find(id), None, "{id:?}");
        }
    }
}
