//! The JSON schema of a plugin's options, put together from its own and from shared ones.

/// A shared option that a plugin has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// `classes`, [`ClassOptions`](super::ClassOptions).
    Classes,
    /// `on_missing_size`, [`MissingSize`](super::MissingSize).
    OnMissingSize,
    /// `outside`, [`Bounds`](crate::geometry::Bounds), in a format that can hold objects outside the image.
    Outside,
    /// `outside` without `keep`, in a format whose readers refuse what is outside the image.
    OutsideClipOrDrop,
    /// `min_area`, in square pixels.
    MinArea,
    /// `names`, [`Names`](super::Names).
    Names,
    /// `empty`, [`Empty`](super::Empty).
    Empty,
    /// `frames`, [`Frames`](super::Frames).
    Frames,
    /// `stage`, a name or an id.
    Stage,
    /// `split`, [`SplitOptions`](super::SplitOptions).
    Split,
    /// `keypoints`, [`KeypointOptions`](super::KeypointOptions).
    Keypoints,
    /// `images_csv`, whether there is an [`ImageList`](crate::images::ImageList).
    ImagesCsv,
}

impl Shared {
    fn property(self) -> &'static str {
        match self {
            Self::Classes => include_str!("schema/classes.json"),
            Self::OnMissingSize => include_str!("schema/on_missing_size.json"),
            Self::Outside => include_str!("schema/outside.json"),
            Self::OutsideClipOrDrop => include_str!("schema/outside_clip_or_drop.json"),
            Self::MinArea => include_str!("schema/min_area.json"),
            Self::Names => include_str!("schema/names.json"),
            Self::Empty => include_str!("schema/empty.json"),
            Self::Frames => include_str!("schema/frames.json"),
            Self::Stage => include_str!("schema/stage.json"),
            Self::Split => include_str!("schema/split.json"),
            Self::Keypoints => include_str!("schema/keypoints.json"),
            Self::ImagesCsv => include_str!("schema/images_csv.json"),
        }
    }
}

/// The JSON schema of an options object. `own` is the text of the plugin's own properties, a JSON object (`{"task": {...}, ...}`); shared ones
/// follow in the order given.
pub fn schema(own: &str, shared: &[Shared]) -> String {
    let own = own.trim();
    let own = own.strip_prefix('{').and_then(|own| own.strip_suffix('}')).unwrap_or(own).trim();
    let mut text = String::from(
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"additionalProperties\":false,\"properties\":{",
    );
    text.push_str(own);
    for (at, part) in shared.iter().enumerate() {
        if at > 0 || !own.is_empty() {
            text.push(',');
        }
        text.push_str(part.property().trim());
    }
    text.push_str("}}");
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_schema_is_put_together() {
        let all = [
            Shared::Classes,
            Shared::OnMissingSize,
            Shared::Outside,
            Shared::MinArea,
            Shared::Names,
            Shared::Empty,
            Shared::Frames,
            Shared::Stage,
            Shared::Split,
            Shared::Keypoints,
            Shared::ImagesCsv,
        ];
        let value: serde_json::Value = serde_json::from_str(&schema(r#"{"task": {"enum": ["a"]}}"#, &all)).unwrap();
        let properties = value["properties"].as_object().unwrap();
        assert_eq!(properties.len(), 1 + all.len());
        for (name, property) in properties.iter().filter(|(name, _)| *name != "task") {
            assert!(property["description"].is_string(), "{name}");
        }
        for (own, shared, want) in [("{}", &[][..], 0), ("{ }", &[Shared::OutsideClipOrDrop][..], 1)] {
            let value: serde_json::Value = serde_json::from_str(&schema(own, shared)).unwrap();
            assert_eq!(value["properties"].as_object().unwrap().len(), want);
        }
    }
}
