//! Taking away what an export left that was interrupted, before it is done again.

use super::{Bucket, Swept};
use crate::error::{JobError, StorageError};
use ango_runtime::Cancel;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;
use std::time::Duration;

impl Bucket {
    /// Deletes an object. One that is not there is no failure. Must not be called on a thread of the runtime.
    ///
    /// # Errors
    /// When the storage refuses or fails.
    pub fn delete(&self, name: &str) -> Result<(), StorageError> {
        self.runtime.block_on(self.delete_key(name))
    }

    pub(super) async fn delete_key(&self, name: &str) -> Result<(), StorageError> {
        let key = self.key(name);
        let deleted = match &self.provider {
            Some(provider) => provider.delete(&key).await,
            None => self.store.delete(&key).await,
        };
        match deleted {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.error(&key, error)),
        }
    }

    /// Deletes the objects of an export that was interrupted: those whose name begins with `name.`, and the uploads of them that were never finished. Uploads that cannot be aborted are counted and
    /// are no failure: they are never visible, and `sweep` comes for them. Must not be called on a thread of the runtime.
    ///
    /// # Errors
    /// When an object cannot be deleted, or somebody cancels.
    pub fn remove_leftovers(&self, name: &str, cancel: &Cancel) -> Result<Swept, JobError> {
        let mut removed = 0;
        for object in self.names(name, cancel)? {
            self.wait(cancel, self.delete_key(&object))?;
            removed += 1;
        }
        let is_one = |object: &str| object.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        // Not every store lists uploads that were never finished.
        let swept = match self.abandon(Duration::ZERO, &is_one) {
            Ok(swept) => swept,
            Err(JobError::Storage(failure)) => Swept { failure: Some(failure), ..Swept::default() },
            Err(error) => return Err(error),
        };
        Ok(Swept { removed: removed + swept.removed, ..swept })
    }

    /// Names of the objects in the bucket's folder that begin with `name.`; not of those in folders below it.
    fn names(&self, name: &str, cancel: &Cancel) -> Result<Vec<String>, JobError> {
        let begin = format!("{name}.");
        let prefix = (!self.prefix.as_ref().is_empty()).then(|| self.prefix.clone());
        let named = |object: &object_store::ObjectMeta| {
            let name =
                object.location.prefix_match(&self.prefix).map(|parts| parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"));
            name.filter(|name| name.starts_with(&begin))
        };
        let in_order = self.provider.as_ref().is_some_and(|provider| provider.kind.lists_in_order());
        let names = async {
            let names: Vec<String> = if in_order {
                // A folder may hold the exports of years: only those from the name on are asked for.
                let rest = self.store.list_with_offset(prefix.as_ref(), &self.key(name));
                let ours = rest.try_take_while(|object| {
                    let key = self.key(&begin);
                    futures::future::ready(Ok(object.location.as_ref() <= key.as_ref() || object.location.as_ref().starts_with(key.as_ref())))
                });
                let ours: Vec<_> = ours.try_collect().await.map_err(|error| self.error(&self.prefix, error))?;
                ours.iter().filter_map(named).collect()
            } else {
                let listed = self.store.list_with_delimiter(prefix.as_ref()).await.map_err(|error| self.error(&self.prefix, error))?;
                listed.objects.iter().filter_map(named).collect()
            };
            Ok(names.into_iter().filter(|name| !name.contains('/')).collect())
        };
        self.wait(cancel, names)
    }

    /// Whether anything in the bucket's folder can be listed: it need not hold anything.
    pub(super) async fn can_list(&self) -> Result<(), StorageError> {
        let prefix = (!self.prefix.as_ref().is_empty()).then(|| self.prefix.clone());
        match self.store.list(prefix.as_ref()).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(self.error(&self.prefix, error)),
        }
    }
}
