//! The tables of one shard: one of each kind for every part of the data set.

use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::{File, Run};

const BOXES: &str = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\r\n";
const LABELS: &str = "ImageID,Source,LabelName,Confidence\r\n";
const MASKS: &str = "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks\r\n";
const IMAGES: &str =
    "ImageID,Subset,OriginalURL,OriginalLandingURL,License,AuthorProfileURL,Author,Title,OriginalSize,OriginalMD5,Thumbnail300KURL,Rotation\r\n";

/// What the original data set calls a part.
pub(crate) fn name(part: Part) -> &'static str {
    if part == Part::Val { "validation" } else { part.name() }
}

/// The tables.
pub(crate) struct Tables {
    parts: Vec<(Part, PartTables)>,
    /// All images, whatever is on them.
    pub(crate) images: File,
}

/// The tables of a part.
pub(crate) struct PartTables {
    pub(crate) boxes: File,
    pub(crate) labels: File,
    pub(crate) masks: Option<File>,
}

impl Tables {
    pub(crate) fn new(run: &Run, split: &Split, masks: bool) -> Self {
        let open = |path: &str, header: &str| {
            if run.is_first_shard() {
                let mut head = run.section(path, 0, "");
                head.put(header.as_bytes());
                head.finish();
            }
            run.section(path, 1, "")
        };
        let of_part = |part: Part| {
            let path = |table: &str| [name(part), "-annotations-", table, ".csv"].concat();
            let tables = PartTables {
                boxes: open(&path("bbox"), BOXES),
                labels: open(&path("human-imagelabels"), LABELS),
                masks: masks.then(|| open(&path("object-segmentation"), MASKS)),
            };
            (part, tables)
        };
        Self { parts: split.parts().map(of_part).collect(), images: open("image_ids_and_rotation.csv", IMAGES) }
    }

    /// The tables of a part, which the split has.
    pub(crate) fn of(&mut self, part: Part) -> Option<&mut PartTables> {
        self.parts.iter_mut().find(|(of, _)| *of == part).map(|(_, tables)| tables)
    }

    pub(crate) fn finish(self) {
        for (_, tables) in self.parts {
            tables.boxes.finish();
            tables.labels.finish();
            if let Some(masks) = tables.masks {
                masks.finish();
            }
        }
        self.images.finish();
    }
}
