//! `demo`: the main job on a project that the program draws itself, and a page that shows what came out.

use super::{cancel_on_interrupt, runtime};
use crate::args::Demo;
use crate::demo::{PageInput, write_page, write_project};
use crate::exit::{Exit, Failure};
use crate::ui::{Ui, print};
use ango_config::Config;
use ango_launch::{Asked, Loader, export_name, new_id, now, specs};
use ango_model::canonical::Format;
use ango_model::options::ExportOptions;
use ango_model::options::query::ExportKind;
use ango_pipeline::{Bucket, JobSpec, Original, Progress, Source};
use std::path::Path;
use std::sync::Arc;

/// Carries it out.
pub fn run(args: &Demo, config: &Config, ui: &Ui) -> Result<Exit, Failure> {
    let internal = |error: &dyn std::fmt::Display| Failure::new(Exit::Internal, format!("demo: {error}"));
    let folder = &args.folder;
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::new(Exit::Config, format!("{} is not empty: the demo wants a new folder", folder.display())));
    }
    let project = folder.join("project");
    write_project(&project).map_err(|error| internal(&error))?;

    let runtime = runtime()?;
    let (loader, warning) = Loader::new(config, args.cache.as_deref(), crate::user::user(), runtime.handle().clone())?;
    warning.iter().for_each(|warning| ui.warn(warning));
    let asked = Asked { plugins: &["coco".into(), "yolo".into()], options: &["yolo.task=segment".into()], ..Asked::default() };
    let plugins = specs(&loader, asked, &Config::default())?;
    let exported_at = now();
    let export_id = new_id()?;
    let source = Source::open(&project)?;
    let base = export_name(source.project().map_or("demo", |project| &project.name), ExportKind::Task, exported_at);
    let exports = folder.join("exports");
    let spec = JobSpec {
        source,
        project: None,
        options: ExportOptions { annotation_metadata: true, stage_history: true, ..ExportOptions::default() },
        links: None,
        original: Some(Original { format: Format::Json, name: base.clone(), split: None }),
        plugins,
        bucket: Bucket::open(&exports.display().to_string(), "", runtime.handle().clone())?,
        name: format!("{base}-{export_id}"),
        export_id,
        exported_at: Some(exported_at),
        workers: 2,
        max_record: 64 << 20,
        chunk_bytes: None,
        cancel: cancel_on_interrupt(&runtime),
        progress: Arc::new(Progress::default()),
        runtime: runtime.handle().clone(),
    };
    let exit = super::execute(&spec, ui)?;
    if exit == Exit::Plugin {
        return Ok(exit);
    }
    let file = |suffix: &str| exports.join(format!("{}.{suffix}", spec.name));
    let page = folder.join("index.html");
    let input = PageInput {
        project: &project,
        coco_zip: &file("coco.zip"),
        yolo_zip: &file("yolo.zip"),
        coco_report: &file("coco.report.json"),
        yolo_report: &file("yolo.report.json"),
    };
    write_page(&input, &page).map_err(|error| internal(&error))?;
    let shown = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    if ui.is_json() {
        print(&serde_json::json!({ "event": "page", "path": shown(&page) }).to_string());
    } else {
        print(&format!("\nproject   {}\nexports   {}\nlook at   file://{}", shown(&project), shown(&exports), shown(&page)));
    }
    // That formats lose something is what the page is there to show.
    Ok(Exit::Ok)
}
