//! The host as the component's imports.

use crate::bindings::ango::converter::{archive, assets, diagnostics, source};
use crate::host::batch::PackedBatch;
use crate::types::{FetchError, Level, Project};

/// How many bytes of tasks are asked for at once: enough to hide the cost of the call, few enough to stay in a processor's nearest caches.
const BATCH_BYTES: u32 = 64 << 10;

/// The host outside the sandbox.
#[derive(Clone)]
pub(crate) struct Host;

impl Host {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn project(&self) -> Project {
        source::get_project()
    }

    pub(crate) fn shard(&self) -> u32 {
        source::shard()
    }

    pub(crate) fn next_batch(&self) -> PackedBatch {
        PackedBatch::new(source::next_packed(BATCH_BYTES))
    }

    pub(crate) fn create(&self, path: &str) -> HostFile {
        HostFile::new(archive::create(path))
    }

    pub(crate) fn add(&self, path: &str, data: &[u8]) {
        archive::add(path, data);
    }

    pub(crate) fn section(&self, path: &str, position: u32, separator: &[u8]) -> HostFile {
        HostFile::new(archive::section(path, position, separator))
    }

    pub(crate) fn asset_size(&self, url: &str) -> Result<(u32, u32), FetchError> {
        assets::size(url)
    }

    pub(crate) fn asset_bytes(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        assets::read(url)
    }

    pub(crate) fn log(&self, level: Level, message: &str) {
        diagnostics::log(level, message);
    }

    pub(crate) fn progress(&self, done: u64) {
        diagnostics::progress(done);
    }

    pub(crate) fn lost(&self, task: u64, object: Option<&str>, code: &str, detail: &str) {
        diagnostics::lost(task, object, code, detail);
    }

    pub(crate) fn lost_more(&self, code: &str, count: u64) {
        diagnostics::lost_more(code, count);
    }

    /// The host keeps the first of each code.
    pub(crate) fn wants_every_loss(&self) -> bool {
        false
    }
}

/// A file of the host.
pub(crate) struct HostFile(Option<archive::File>);

impl HostFile {
    fn new(file: archive::File) -> Self {
        Self(Some(file))
    }

    pub(crate) fn write(&self, data: &[u8]) {
        if let Some(file) = &self.0 {
            file.write(data);
        }
    }

    pub(crate) fn finish(&mut self) {
        if let Some(file) = self.0.take() {
            file.finish();
        }
    }

    /// Lets go of the file without telling the host.
    pub(crate) fn abandon(&mut self) {
        std::mem::forget(self.0.take());
    }
}
