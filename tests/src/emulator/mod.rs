//! Servers of the providers of buckets on this machine, each behind a proxy that can be told to fail: what a client of S3, Google and Azure meets, without any of them.
//!
//! S3 is `s3s` in the test's own process, which checks signatures. Azure is Azurite, Microsoft's own. For Google there is none that speaks what clients of its XML API send (multipart uploads are
//! missing in `fake-gcs-server` and `gcp-storage-emulator`), so it is `s3s` behind a front that lets in by tokens and signed links as Google does; the XML API is S3's in all else. `moto` is a second,
//! independent S3.

mod azurite;
pub(crate) mod files;
mod gcs;
mod moto;
mod s3;
mod service_account;

pub use azurite::Azurite;
pub use gcs::Gcs;
pub use moto::Moto;
pub use s3::S3;

use std::net::SocketAddr;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

/// The bucket that every one of them has.
pub const BUCKET: &str = "exports";

/// Settings by name, as they stand in the environment or in a file of secrets.
pub type Settings = Vec<(&'static str, String)>;

/// A provider's server.
pub trait Emulator: Send {
    /// `s3`, `gs` or `az`.
    fn scheme(&self) -> &'static str;

    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// What opens it, with `endpoint` as the address that clients see.
    fn settings(&self, endpoint: &str) -> Settings;

    /// The settings that are somebody else's.
    fn wrong(&self) -> Settings;

    /// A token of Azure's, for who is not given a key.
    fn token(&self) -> Option<String> {
        None
    }

    /// Everything in the settings that must never be shown.
    fn secrets(&self) -> Vec<String>;

    /// Waits until it has written down that it has an object of that name. Most have when they say so.
    fn settle(&self, _name: &str) {}

    /// Ends it at once, as a crash does: what it had not written is lost.
    fn kill(&mut self);

    /// Starts it again, where it was and with what it had.
    fn start(&mut self);
}

/// A process that ends with the test: when nobody holds the other end of its input any more.
struct Process(Child);

impl Process {
    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until somebody listens there.
fn wait_for(address: SocketAddr, process: &mut Process, log: &Path) {
    let started = Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        let said = || std::fs::read_to_string(log).unwrap_or_default();
        assert!(process.0.try_wait().expect("it can be looked at").is_none(), "the emulator ended: {}", said());
        assert!(started.elapsed() < Duration::from_secs(60), "the emulator does not listen: {}", said());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("the listener has an address").port()
}
