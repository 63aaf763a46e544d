//! Measuring a converter's own work.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use super::archive::Archive;
use super::{RunError, run_shard};
use crate::converter::Converter;
use crate::host::memory::{Assets, State};
use crate::types::Project;

/// A run whose input is made beforehand and whose output is only counted, so that the time of [`run`](Self::run) is the time of the converter:
/// the native side of a comparison with the sandbox.
///
/// The input is a packed batch (`source.next-packed` of the contract), because taking it apart is part of what runs in the sandbox: what is measured is the
/// component's own code, compiled natively.
///
/// ```no_run
/// # use ango_plugin_sdk::{Converter, Project, testkit::Bench};
/// # fn measure<C: Converter>(packed: &[u8], project: &Project) -> Result<(), Box<dyn std::error::Error>> {
/// for _ in 0..10 {
///     let bench = Bench::<C>::new(packed.to_vec(), project.clone());
///     let begin = std::time::Instant::now();
///     let counts = bench.run("{}").map_err(|error| format!("{error:?}"))?;
///     println!("{:?} for {} bytes", begin.elapsed(), counts.bytes);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Bench<C> {
    packed: Vec<u8>,
    project: Project,
    converter: PhantomData<C>,
}

/// What a measured run wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Files, each joined file once.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Reports of losses.
    pub lost: u64,
}

impl<C: Converter> Bench<C> {
    /// Takes the tasks of the run.
    pub fn new(packed: Vec<u8>, project: Project) -> Self {
        Self { packed, project, converter: PhantomData }
    }

    /// Runs the converter over the tasks as one shard.
    ///
    /// # Errors
    ///
    /// When the converter fails.
    pub fn run(self, options: &str) -> Result<Counts, RunError> {
        let state = Rc::new(RefCell::new(State {
            shard: 0,
            project: self.project,
            tasks: Vec::new().into_iter(),
            packed: Some(self.packed),
            assets: Assets::default(),
            archive: Archive::counting(),
            lost: None,
            lost_count: 0,
            logs: Vec::new(),
            progress: 0,
        }));
        run_shard::<C>(options, &state)?;
        let state = state.borrow();
        Ok(Counts { files: state.archive.file_count, bytes: state.archive.byte_count, lost: state.lost_count })
    }
}
