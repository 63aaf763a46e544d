//! The folder of installed plugins.
//!
//! ```text
//! plugins.lock            what is installed and may run
//! approvals.jsonl         the record that it follows from
//! components/DIGEST.wasm  components, as they came
//! signatures/DIGEST.jsonl signatures that came with them
//! reports/DIGEST.json     what was found out when they were installed
//! compiled/DIGEST-ENGINE  their code
//! ```
//!
//! Nothing in it is believed: whatever is read is checked against a digest in the lock file, and the lock file against the record.

use crate::approvals::{Event, Record};
use crate::digest::Digest;
use crate::error::TrustError;
use crate::folder;
use crate::lock::{Installed, Lock};
use crate::policy::Policy;
use crate::report::Report;
use ango_model::time::{Timestamp, format_iso};
use ango_runtime::Artefact;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const LOCK: &str = "plugins.lock";
const RECORD: &str = "approvals.jsonl";
/// Held by whoever changes something.
const GUARD: &str = ".guard";
/// The largest lock file and record that are read.
const MAX_TEXT: u64 = 64 << 20;

/// A folder of installed plugins.
#[derive(Debug, Clone)]
pub struct PluginStore {
    folder: PathBuf,
}

impl PluginStore {
    /// The store in `folder`, which need not exist before something is installed.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is installed.
    ///
    /// # Errors
    /// When the lock file and the record do not fit together, or others can write into the folder.
    pub fn read(&self) -> Result<Lock, TrustError> {
        self.load().map(|(lock, _)| lock)
    }

    /// The record of approvals.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn record(&self) -> Result<Record, TrustError> {
        self.load().map(|(_, record)| record)
    }

    fn load(&self) -> Result<(Lock, Record), TrustError> {
        if !self.folder.exists() {
            return Ok((Lock::default(), Record::default()));
        }
        folder::check(&self.folder).map_err(TrustError::io(&self.folder))?;
        let first = self.load_once();
        match (&first, File::open(self.folder.join(GUARD))) {
            // Two files are not read in one moment: somebody may just be between them. Who waits for them to finish sees what there is.
            (Err(TrustError::Changed { .. }), Ok(guard)) => {
                guard.lock_shared().map_err(TrustError::io(&self.folder))?;
                self.load_once()
            }
            _ => first,
        }
    }

    fn load_once(&self) -> Result<(Lock, Record), TrustError> {
        let record = self.read_record()?;
        let lock = match read_text(&self.folder.join(LOCK))? {
            Some(text) => Lock::parse(&String::from_utf8_lossy(&text)).map_err(|problem| TrustError::changed(LOCK, format!("it {problem}")))?,
            None => Lock::default(),
        };
        let entries = record.entries.len() as u64;
        if lock.entries != entries {
            let problem = format!(
                "it follows from {} entries of {RECORD}, which holds {entries}: somebody changed one of them, or a command was cut short. Look at the last entries, and take them over with `ango-export plugin verify --accept-record`",
                lock.entries
            );
            return Err(TrustError::changed(LOCK, problem));
        }
        if lock != Lock::of(&record, entries) {
            let problem = format!("it does not say what {RECORD} says; `ango-export plugin verify --accept-record` makes it anew from the record");
            return Err(TrustError::changed(LOCK, problem));
        }
        Ok((lock, record))
    }

    fn read_record(&self) -> Result<Record, TrustError> {
        let text = read_text(&self.folder.join(RECORD))?.unwrap_or_default();
        Record::parse(&text).map_err(|problem| TrustError::changed(RECORD, problem))
    }

    /// Makes the lock file anew from the record.
    ///
    /// # Errors
    /// When the record does not hang together.
    pub fn accept_record(&self) -> Result<Lock, TrustError> {
        let _guard = self.guard()?;
        let record = self.read_record()?;
        let lock = Lock::of(&record, record.entries.len() as u64);
        self.write_lock(&lock)?;
        Ok(lock)
    }

    /// Adds events to the record and writes the lock file, both or neither (a crash between the two shows when they are read). `decide` sees what is installed and says what happens; nobody
    /// else changes anything meanwhile.
    ///
    /// # Errors
    /// What `decide` says, and when the folder cannot be written.
    pub fn change(&self, by: &str, now: Timestamp, decide: impl FnOnce(&Lock) -> Result<Vec<Event>, TrustError>) -> Result<Lock, TrustError> {
        let _guard = self.guard()?;
        let (lock, mut record) = self.load_once()?;
        let events = decide(&lock)?;
        if events.is_empty() {
            return Ok(lock);
        }
        let whole = record.length as u64;
        let lines: Vec<u8> = events.into_iter().flat_map(|event| record.push(format_iso(now), by.to_owned(), event)).collect();
        let path = self.folder.join(RECORD);
        let append = || -> io::Result<()> {
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            // A torn line, if there is one, was never part of the record.
            if file.metadata()?.len() > whole {
                file.set_len(whole)?;
            }
            file.write_all(&lines)?;
            file.sync_all()
        };
        append().map_err(TrustError::io(&path))?;
        let lock = Lock::of(&record, record.entries.len() as u64);
        self.write_lock(&lock)?;
        Ok(lock)
    }

    fn write_lock(&self, lock: &Lock) -> Result<(), TrustError> {
        let path = self.folder.join(LOCK);
        let text = lock.to_text().map_err(|problem| TrustError::Io { what: LOCK.to_owned(), source: io::Error::other(problem) })?;
        put(&path, text.as_bytes())
    }

    /// Makes the folder, and keeps others from changing it until the value is dropped.
    fn guard(&self) -> Result<File, TrustError> {
        folder::create(&self.folder).map_err(TrustError::io(&self.folder))?;
        let path = self.folder.join(GUARD);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(TrustError::io(&path))?;
        file.lock().map_err(TrustError::io(&path))?;
        Ok(file)
    }

    /// The component's file.
    pub(crate) fn component(&self, digest: &Digest) -> PathBuf {
        self.folder.join("components").join(format!("{}.wasm", digest.hex()))
    }

    /// The file of its code for an engine.
    pub(crate) fn artefact(&self, digest: &Digest, engine: &str) -> PathBuf {
        self.folder.join("compiled").join(format!("{}-{engine}.cwasm", digest.hex()))
    }

    fn signatures_file(&self, digest: &Digest) -> PathBuf {
        self.folder.join("signatures").join(format!("{}.jsonl", digest.hex()))
    }

    fn report_file(&self, digest: &Digest) -> PathBuf {
        self.folder.join("reports").join(format!("{}.json", digest.hex()))
    }

    /// Keeps what came, under its digest.
    pub(crate) fn keep(&self, digest: &Digest, wasm: &[u8], signatures: &[Vec<u8>], report: &[u8]) -> Result<(), TrustError> {
        let _guard = self.guard()?;
        put(&self.component(digest), wasm)?;
        let lines: Vec<u8> = signatures.iter().flat_map(|signature| signature.iter().copied().filter(|byte| *byte != b'\n').chain([b'\n'])).collect();
        put(&self.signatures_file(digest), &lines)?;
        put(&self.report_file(digest), report)
    }

    /// Keeps a component's code.
    pub(crate) fn keep_artefact(&self, digest: &Digest, engine: &str, code: &Artefact) -> Result<(), TrustError> {
        put_with(&self.artefact(digest, engine), |file| code.write_to(file))
    }

    /// Deletes what is there of a component.
    pub(crate) fn delete(&self, plugin: &Installed) -> Result<(), TrustError> {
        let mut files = vec![self.component(&plugin.digest), self.signatures_file(&plugin.digest), self.report_file(&plugin.digest)];
        files.extend(plugin.artefact.iter().map(|artefact| self.artefact(&plugin.digest, &artefact.engine)));
        for file in files {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(TrustError::io(&file)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The component, which is the one that was installed.
    ///
    /// # Errors
    /// When it is not.
    pub fn wasm(&self, plugin: &Installed) -> Result<Vec<u8>, TrustError> {
        let path = self.component(&plugin.digest);
        let wasm = fs::read(&path).map_err(TrustError::io(&path))?;
        let found = Digest::of(&wasm);
        if found != plugin.digest {
            let problem = format!("{} has the digest {found}, installed was {}: install it again", path.display(), plugin.digest);
            return Err(TrustError::changed(format!("the component of {}", plugin.shown()), problem));
        }
        Ok(wasm)
    }

    /// The signatures that came with a component. They prove themselves.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn signatures(&self, plugin: &Installed) -> Result<Vec<Vec<u8>>, TrustError> {
        let text = read_text(&self.signatures_file(&plugin.digest))?.unwrap_or_default();
        Ok(text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect())
    }

    /// What was found out about a component.
    ///
    /// # Errors
    /// When the report is not the one that was written.
    pub fn report(&self, plugin: &Installed) -> Result<Report, TrustError> {
        let path = self.report_file(&plugin.digest);
        let text = fs::read(&path).map_err(TrustError::io(&path))?;
        let changed = |problem: String| TrustError::changed(format!("the report on {}", plugin.shown()), problem);
        if Digest::of(&text) != plugin.report {
            return Err(changed(format!("{} has another digest than when it was written: install the plugin again", path.display())));
        }
        serde_json::from_slice(&text).map_err(|error| changed(format!("it cannot be read: {error}")))
    }

    /// The installed component that is meant by `NAME` (the approved one that the name stands for) or `NAME@DIGEST`.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn find(&self, lock: &Lock, wanted: &str) -> Result<Installed, TrustError> {
        let (name, digest) = wanted.split_once('@').map_or((wanted, None), |(name, digest)| (name, Some(digest)));
        let of_name: Vec<&Installed> = lock.plugins.iter().filter(|plugin| plugin.name == name).collect();
        let not_installed = |hint: String| TrustError::NotInstalled { name: wanted.to_owned(), hint };
        if of_name.is_empty() {
            return Err(not_installed(String::new()));
        }
        let shown = || of_name.iter().map(|plugin| format!("{} ({}, {})", plugin.shown(), plugin.version, plugin.state.as_str())).collect::<Vec<_>>();
        let Some(digest) = digest else {
            return match (of_name.iter().find(|plugin| plugin.active), of_name.as_slice()) {
                (Some(active), _) => Ok((*active).clone()),
                (None, [one]) => Ok((*one).clone()),
                (None, _) => Err(TrustError::Asked(format!("which {name}? none is active: there are {}", shown().join(", ")))),
            };
        };
        let fitting: Vec<&&Installed> = of_name.iter().filter(|plugin| plugin.digest.matches(digest)).collect();
        match fitting.as_slice() {
            [one] => Ok((**one).clone()),
            [] => Err(not_installed(format!(": there are {}; a digest is given with 8 digits at least", shown().join(", ")))),
            _ => Err(TrustError::Asked(format!("{wanted} may be {}: give more digits", shown().join(" or ")))),
        }
    }

    /// Whether a component may run now, and why not.
    ///
    /// # Errors
    /// The reason.
    pub fn may_run(&self, plugin: &Installed, policy: &Policy, now: Timestamp) -> Result<(), TrustError> {
        let refused = |problem: String| TrustError::Refused { plugin: plugin.shown(), problem };
        crate::decide::may_run(plugin, now).map_err(refused)?;
        if policy.demands_signatures() {
            let signers = policy.signers(Some(&plugin.name), &plugin.digest, &self.signatures(plugin)?, now);
            policy.accept(&signers).map_err(refused)?;
        }
        Ok(())
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), TrustError> {
    put_with(path, |file| file.write_all(bytes))
}

/// Writes a file whole or not at all.
fn put_with(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), TrustError> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        folder::create(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        content(&mut file)?;
        // Others may read it: the one who runs plugins need not be the one who installs them.
        #[cfg(unix)]
        file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(TrustError::io(path))
}

/// A file's bytes; `None` when there is none.
fn read_text(path: &Path) -> Result<Option<Vec<u8>>, TrustError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if metadata.len() > MAX_TEXT => {
            return Err(TrustError::changed(path.display().to_string(), format!("it is larger than {MAX_TEXT} bytes")));
        }
        _ => {}
    }
    fs::read(path).map(Some).map_err(TrustError::io(path))
}
