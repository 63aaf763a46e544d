//! Drawn objects: the members of `tools` (`ango-v3.md` section 1.3).

use super::classification::{Classification, Provenance};
use super::extra::Extra;
use super::field::{self, FieldError, Within};
use super::geometry::Geometry;
use crate::json::Value;
use std::borrow::Cow;

/// One drawn object. In video the same `object_id` recurs over frames: it is the track.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<'a> {
    /// Id, unique in the asset.
    pub object_id: Cow<'a, str>,
    /// Id of the class.
    pub schema_id: Cow<'a, str>,
    /// The class's title.
    pub title: Cow<'a, str>,
    /// Where it is.
    pub geometry: Geometry<'a>,
    /// Page or frame, from 0.
    pub page: Option<u32>,
    /// Video: from this frame on the object is gone.
    pub interpolation_stopped: bool,
    /// Text read inside the box by Hub's OCR.
    pub ocr: Option<Cow<'a, str>>,
    /// Who drew it; present when the export carries annotation metadata, and never on segmentations.
    pub provenance: Option<Provenance<'a>>,
    /// Questions answered about the object.
    pub classifications: Vec<Classification<'a>>,
    /// Unknown keys.
    pub extra: Extra<'a>,
}

impl<'a> Object<'a> {
    /// The typed view of one.
    ///
    /// # Errors
    /// When a known field holds something that the format does not allow, or an id is missing.
    pub fn read(value: &Value<'a, '_>) -> std::result::Result<Self, FieldError> {
        field::object(value)?;
        let mut geometry = None;
        let mut voxel = false;
        let (mut object_id, mut schema_id) = (None, None);
        let mut title = Cow::Borrowed("");
        let (mut page, mut interpolation_stopped, mut ocr, mut provenance) = (None, false, None, None);
        let mut classifications = Vec::new();
        let mut extra = Extra::default();
        for member in value.members() {
            let value = &member.value;
            match member.key {
                "objectId" => object_id = field::optional_text(value).within("objectId")?,
                "schemaId" => schema_id = Some(field::id(value).within("schemaId")?),
                "title" => title = field::optional_text(value).within("title")?.unwrap_or_default(),
                "classifications" => classifications = field::list(value, Classification::read).within("classifications")?,
                "metadata" => provenance = Provenance::read(value).within("metadata")?,
                "page" => page = field::optional_count(value).within("page")?,
                "interpolationStopped" => interpolation_stopped = field::flag(value).within("interpolationStopped")?,
                "medical-brush" => voxel = field::flag(value).within("medical-brush")?,
                "ocr" => match value.get("text") {
                    Some(text) => ocr = field::optional_text(&text).within("text").within("ocr")?,
                    None => extra.push(&member),
                },
                key => match Geometry::read(key, value).within(key)? {
                    Some(known) => geometry = Some(known),
                    None => extra.push(&member),
                },
            }
        }
        let object_id = object_id.ok_or_else(|| field::missing(value, "objectId"))?;
        let schema_id = schema_id.ok_or_else(|| field::missing(value, "schemaId"))?;
        let geometry = match geometry {
            Some(geometry) => geometry,
            None if voxel => Geometry::VoxelBrush,
            // A tool of a newer Hub: its key is the first one that holds an object or a list.
            None => match extra.take(|value| matches!(value.as_bytes().first(), Some(b'{' | b'['))) {
                Some((key, value)) => Geometry::Other(key, value),
                None => Geometry::Other("", ""),
            },
        };
        Ok(Self { object_id, schema_id, title, geometry, page, interpolation_stopped, ocr, provenance, classifications, extra })
    }
}
