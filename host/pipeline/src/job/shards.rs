//! What plugins make of a portion: each gets the same tasks, packed once.

use super::collect::ShardDone;
use super::portion::AllFrames;
use super::sequential;
use super::turnstile::Position;
use super::worker::{Workbench, Worker};
use ango_model::json::Document;
use ango_model::options::ExportOptions;
use ango_model::v3::Asset;
use ango_runtime::{Block, Feed, Frames, Job, Parallelism, Records, TaskPosition, Wanted};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// For each task of a portion, its tape and what is computed for it, when it is annotated on a video.
pub(super) type Videos<'a> = Vec<Option<(Document<'a>, AllFrames)>>;

/// What plugins get only if they want it.
#[derive(Clone, Copy)]
struct Extras {
    history: bool,
    issues: bool,
}

impl Extras {
    fn index(self) -> usize {
        usize::from(self.history) + 2 * usize::from(self.issues)
    }
}

impl Worker<'_> {
    /// Lets every plugin convert the portion, or prepares it for those that have an instance of their own.
    pub(super) fn plugins(
        &self,
        bench: &mut Workbench,
        assets: Vec<Asset<'_>>,
        videos: &Videos<'_>,
        records: &Arc<Records>,
        position: &Position,
    ) -> Vec<ShardDone> {
        // Shard 0 always runs, however few tasks it has: it writes what belongs once into the output.
        let is_empty = assets.is_empty() && position.shard > 0;
        let is_needed = |index: usize| !is_empty && !self.given_up[index].load(Ordering::Relaxed);
        let wants = |job: &Job| Extras {
            history: job.plugin().info().history && self.options.stage_history,
            issues: job.plugin().info().wants_issues() && self.issues.is_some(),
        };
        // With and without the history and the issues, each made once, however many plugins want it.
        let mut blocks: [Option<(Arc<Block>, Duration)>; 4] = [const { None }; 4];
        for job in self.jobs.iter().enumerate().filter(|(index, _)| is_needed(*index)).map(|(_, job)| job) {
            let extras = wants(job);
            blocks[extras.index()].get_or_insert_with(|| {
                let started = Instant::now();
                let mut block = Block::new(Arc::clone(records), std::mem::take(&mut bench.packed[extras.index()]));
                self.pack(&mut block, &assets, videos, position, extras);
                (Arc::new(block), started.elapsed())
            });
        }
        // Instances need memory too.
        drop(assets);
        let mut done = Vec::with_capacity(self.jobs.len());
        for (index, job) in self.jobs.iter().enumerate() {
            let Some((block, prepared)) = blocks[wants(job).index()].as_mut().filter(|_| is_needed(index)) else {
                done.push(ShardDone::Nothing);
                continue;
            };
            let prepared = std::mem::take(prepared);
            done.push(match job.plugin().info().parallelism {
                Parallelism::Sequential => ShardDone::Block(Arc::clone(block)),
                Parallelism::IndependentTasks => {
                    let feed = Feed::Shard(Arc::clone(block));
                    ShardDone::Ran(Box::new(sequential::run(job, position.shard, feed, &self.spec.runtime, &bench.writer)), prepared)
                }
            });
        }
        for (buffer, block) in bench.packed.iter_mut().zip(blocks) {
            if let Some(block) = block.and_then(|(block, _)| Arc::into_inner(block)) {
                *buffer = block.into_buffer();
            }
        }
        done
    }

    fn pack(&self, block: &mut Block, assets: &[Asset<'_>], videos: &Videos<'_>, position: &Position, extras: Extras) {
        let ExportOptions { annotation_metadata: metadata, idle_blur_durations, store_keys, .. } = *self.options;
        let wanted = Wanted { metadata, history: extras.history, idle_blur_durations, store_keys };
        let mut object_offset = position.objects;
        for (((index, asset), video), file_name) in (position.tasks..).zip(assets).zip(videos).zip(&position.names) {
            let frames = video.as_ref().map(|(document, frames)| Frames { record: document.root(), video: frames.video });
            let issues = self.issues.as_ref().filter(|_| extras.issues).map(|issues| issues.of(&asset.task.task_id));
            block.push(asset, &TaskPosition { index, object_offset, file_name, issues }, wanted, frames);
            object_offset += video.as_ref().map_or(asset.task.annotations.objects.len() as u64, |(_, frames)| frames.objects);
        }
    }
}

/// Why a plugin is not given a task.
pub(super) fn too_long(task: &str, limit: usize) -> String {
    format!(
        "task {task} takes more than {} MiB with its computed frames, which is more than a plugin is given at once: export key frames only (--only-key-frames), or allow more (--max-record-mib)",
        limit >> 20
    )
}
