//! The converters that come with ango-export, as the components that a host loads.
//!
//! They get no privilege from being bundled: the same sandbox, the same limits, the same contract as any other plugin.

use ango_plugin_sdk::Converter;
pub use ango_plugin_sdk::{Grant, Info, Parallelism};

/// A bundled converter.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// Its name, the one that `describe` answers.
    pub name: &'static str,
    /// The component.
    pub wasm: &'static [u8],
    /// What the component's `describe` answers, without starting it: it is the same function, compiled for this machine.
    pub describe: fn() -> Info,
}

/// The list, by name, as every line of it must be: the name twice, and the type that is the converter.
macro_rules! bundled {
    ($($name:literal $variable:literal $converter:ty,)*) => {
        [$(Bundled { name: $name, wasm: include_bytes!(env!($variable)), describe: <$converter as Converter>::describe },)*]
    };
}

const ALL: &[Bundled] = &bundled![
    "cityscapes" "ANGO_PLUGIN_CITYSCAPES" ango_plugin_cityscapes::Cityscapes,
    "coco" "ANGO_PLUGIN_COCO" ango_plugin_coco::Coco,
    "createml" "ANGO_PLUGIN_CREATEML" ango_plugin_createml::CreateMl,
    "cvat" "ANGO_PLUGIN_CVAT" ango_plugin_cvat::Cvat,
    "darwin" "ANGO_PLUGIN_DARWIN" ango_plugin_darwin::Darwin,
    "datumaro" "ANGO_PLUGIN_DATUMARO" ango_plugin_datumaro::Datumaro,
    "documents" "ANGO_PLUGIN_DOCUMENTS" ango_plugin_documents::Documents,
    "dota" "ANGO_PLUGIN_DOTA" ango_plugin_dota::Dota,
    "geojson" "ANGO_PLUGIN_GEOJSON" ango_plugin_geojson::GeoJson,
    "hf" "ANGO_PLUGIN_HF" ango_plugin_hf::HuggingFace,
    "kitti" "ANGO_PLUGIN_KITTI" ango_plugin_kitti::Kitti,
    "labelme" "ANGO_PLUGIN_LABELME" ango_plugin_labelme::LabelMe,
    "labelstudio" "ANGO_PLUGIN_LABELSTUDIO" ango_plugin_labelstudio::LabelStudio,
    "mask" "ANGO_PLUGIN_MASK" ango_plugin_mask::Mask,
    "mot" "ANGO_PLUGIN_MOT" ango_plugin_mot::Mot,
    "ner" "ANGO_PLUGIN_NER" ango_plugin_ner::Ner,
    "nifti" "ANGO_PLUGIN_NIFTI" ango_plugin_nifti::Nifti,
    "openimages" "ANGO_PLUGIN_OPENIMAGES" ango_plugin_openimages::OpenImages,
    "table" "ANGO_PLUGIN_TABLE" ango_plugin_table::Table,
    "via" "ANGO_PLUGIN_VIA" ango_plugin_via::Via,
    "voc" "ANGO_PLUGIN_VOC" ango_plugin_voc::Voc,
    "yolo" "ANGO_PLUGIN_YOLO" ango_plugin_yolo::Yolo,
    "youtubevis" "ANGO_PLUGIN_YOUTUBEVIS" ango_plugin_youtubevis::YoutubeVis,
];

/// All bundled converters, by name.
pub const fn all() -> &'static [Bundled] {
    ALL
}

/// The bundled converter of that name.
pub fn find(name: &str) -> Option<&'static Bundled> {
    ALL.iter().find(|bundled| bundled.name == name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Whether the text occurs in the component, where imports are named in plain text.
    fn mentions(wasm: &[u8], text: &str) -> bool {
        wasm.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn bundled_converters_are_components_of_the_contract() {
        for bundled in all() {
            assert!(bundled.wasm.starts_with(b"\0asm\x0d\0\x01\0"), "{}", bundled.name);
            assert!(mentions(bundled.wasm, "ango:converter/source@0.1.0"), "{}", bundled.name);
            for world in ["wasi:http/", "wasi:sockets/"] {
                assert!(!mentions(bundled.wasm, world), "{} imports {world}", bundled.name);
            }
        }
        let names: Vec<&str> = all().iter().map(|bundled| bundled.name).collect();
        assert_eq!(names.join(" "), env!("ANGO_PLUGINS"), "every plugin beside this folder is in the list, by name");
        for bundled in all() {
            assert_eq!((bundled.describe)().name, bundled.name);
        }
        assert_eq!(find("coco").map(|bundled| bundled.name), Some("coco"));
        assert!(find("nothing").is_none());
    }
}
