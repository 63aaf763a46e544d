//! The asset object: one row of an export (`ango-v3.md` section 1.1).

use super::extra::Extra;
use super::field::{self, FieldError, Result, Within};
use super::task::Task;
use crate::json::Value;
use crate::links::Links;
use std::borrow::Cow;

/// An asset with its one task.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asset<'a> {
    /// Link to the asset; of a multi-page asset, to page 0.
    pub url: Cow<'a, str>,
    /// Hub's id; absent in old exports.
    pub asset_id: Option<Cow<'a, str>>,
    /// Name given at import: free text, not unique.
    pub external_id: Cow<'a, str>,
    /// Links to all pages of a multi-page asset.
    pub dataset: Vec<Cow<'a, str>>,
    /// Batch names.
    pub batches: Vec<Cow<'a, str>>,
    /// Width in pixels, where Hub has measured it.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Video: number of frames.
    pub frame_total: Option<u32>,
    /// Video: frames a second.
    pub frame_rate: Option<f64>,
    /// Free data given at import, as a raw JSON object.
    pub context_data: Option<&'a str>,
    /// The task.
    pub task: Task<'a>,
    /// Unknown keys.
    pub extra: Extra<'a>,
}

impl<'a> Asset<'a> {
    /// The typed view of one asset object.
    ///
    /// # Errors
    /// When a known field holds something that the format does not allow, or an id is missing.
    pub fn read(value: &Value<'a, '_>) -> std::result::Result<Self, FieldError> {
        field::object(value)?;
        let mut this = Self::default();
        let (mut url, mut task) = (None, None);
        for member in value.members() {
            let value = &member.value;
            match member.key {
                "asset" => url = Some(field::text(value).within("asset")?),
                "assetId" => this.asset_id = field::optional_text(value).within("assetId")?,
                "externalId" => this.external_id = field::optional_text(value).within("externalId")?.unwrap_or_default(),
                "dataset" => this.dataset = field::list(value, field::text).within("dataset")?,
                "batches" => this.batches = field::list(value, field::text).within("batches")?,
                "metadata" => this.read_metadata(value).within("metadata")?,
                "contextData" => this.context_data = (!value.is_null()).then(|| value.raw()),
                "task" => task = Some(Task::read(value).within("task")?),
                "tasks" => {
                    return Err(FieldError::new(value, "this is the legacy format: export the project again in the current format")).within("tasks");
                }
                _ => this.extra.push(&member),
            }
        }
        this.url = url.ok_or_else(|| field::missing(value, "asset"))?;
        this.task = task.ok_or_else(|| field::missing(value, "task"))?;
        Ok(this)
    }

    /// Puts signed links in the place of those that `links` signs, to the asset and to masks.
    pub fn sign(&mut self, links: &dyn Links) {
        let sign = |url: &mut Cow<'a, str>| {
            if let Some(signed) = links.signed(url) {
                *url = Cow::Owned(signed);
            }
        };
        sign(&mut self.url);
        self.dataset.iter_mut().for_each(sign);
        let task = &mut self.task;
        for annotations in std::iter::once(&mut task.annotations).chain(task.history.iter_mut().map(|visit| &mut visit.annotations)) {
            annotations.brush.iter_mut().chain(&mut annotations.voxel_brush).for_each(sign);
        }
    }

    fn read_metadata(&mut self, value: &Value<'a, '_>) -> Result<()> {
        if value.is_null() {
            return Ok(());
        }
        field::object(value)?;
        for member in value.members() {
            let value = &member.value;
            // A size of 0 is how an unmeasured file looks.
            match member.key {
                "width" => self.width = field::optional_count(value).within("width")?.filter(|size| *size > 0),
                "height" => self.height = field::optional_count(value).within("height")?.filter(|size| *size > 0),
                "frameTotal" => self.frame_total = field::optional_count(value).within("frameTotal")?,
                "frameRate" if !value.is_null() => self.frame_rate = Some(field::number(value).within("frameRate")?),
                _ => {}
            }
        }
        Ok(())
    }
}
