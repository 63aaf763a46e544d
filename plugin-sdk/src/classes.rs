//! From the schema id of an object to its class.

use crate::types::Class;

/// Finds classes of an ontology by schema id. Safe against ids chosen to collide, as it compares and does not hash.
#[derive(Clone, Debug)]
pub struct ClassIndex {
    /// Sorted by id.
    ids: Vec<(String, u32)>,
    /// Where the last one was found: objects of a class often follow each other.
    last: std::cell::Cell<usize>,
}

impl ClassIndex {
    /// An index of classes. Of two classes with the same schema id the first one counts.
    pub fn new(classes: &[Class]) -> Self {
        let mut ids: Vec<_> = classes.iter().map(|class| (class.schema_id.clone(), class.index)).collect();
        ids.sort_by(|a, b| a.0.cmp(&b.0));
        ids.dedup_by(|later, first| later.0 == first.0);
        Self { ids, last: std::cell::Cell::new(0) }
    }

    /// The class's [`index`](Class::index); `None` when the ontology has no such class.
    #[inline]
    pub fn find(&self, schema_id: &str) -> Option<u32> {
        if let Some((id, index)) = self.ids.get(self.last.get())
            && id == schema_id
        {
            return Some(*index);
        }
        let at = self.ids.binary_search_by(|(id, _)| id.as_str().cmp(schema_id)).ok()?;
        self.last.set(at);
        self.ids.get(at).map(|&(_, index)| index)
    }
}
