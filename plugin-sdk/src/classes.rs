//! From the schema id of an object to its class.

use crate::bytes::{fingerprint, is_equal};
use crate::order::sorted_positions;
use crate::types::Class;

/// Finds classes of an ontology by schema id. Ids chosen to have the same fingerprint make it slower, by the steps of a binary search.
#[derive(Clone, Debug)]
pub struct ClassIndex {
    /// Sorted by fingerprint, then by id.
    ids: Vec<(u64, String, u32)>,
}

impl ClassIndex {
    /// An index of classes. Of two classes with the same schema id the first one counts.
    pub fn new(classes: &[Class]) -> Self {
        let mut ids: Vec<(u64, String, u32)> =
            classes.iter().map(|class| (fingerprint(class.schema_id.as_bytes()), class.schema_id.clone(), class.index)).collect();
        let order = sorted_positions(ids.len(), &mut |a, b| {
            let ((a, a_id, _), (b, b_id, _)) = (&ids[a as usize], &ids[b as usize]);
            (a, a_id) < (b, b_id)
        });
        ids = order.iter().map(|&at| std::mem::take(&mut ids[at as usize])).collect();
        // The sort is stable.
        ids.dedup_by(|later, first| later.1 == first.1);
        Self { ids }
    }

    /// The class's [`index`](Class::index); `None` when the ontology has no such class.
    #[inline]
    pub fn find(&self, schema_id: &str) -> Option<u32> {
        let wanted = fingerprint(schema_id.as_bytes());
        let at = self.ids.partition_point(|(fingerprint, _, _)| *fingerprint < wanted);
        let (fingerprint, id, index) = self.ids.get(at)?;
        if *fingerprint == wanted && is_equal(id.as_bytes(), schema_id.as_bytes()) {
            Some(*index)
        } else {
            self.find_among_alike(at, wanted, schema_id)
        }
    }

    #[cold]
    fn find_among_alike(&self, from: usize, wanted: u64, schema_id: &str) -> Option<u32> {
        let ids = &self.ids[from..];
        let at = ids.binary_search_by(|(fingerprint, id, _)| (*fingerprint, id.as_str()).cmp(&(wanted, schema_id))).ok()?;
        ids.get(at).map(|&(_, _, index)| index)
    }
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
