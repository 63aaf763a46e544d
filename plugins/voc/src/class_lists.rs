//! `ImageSets/Main/CLASS_PART.txt`: on which images a class is.

use ango_plugin_sdk::options::{Part, Split};
use ango_plugin_sdk::text::tokens::Tokens;
use ango_plugin_sdk::{ClassTable, Failure, Run};

use crate::annotations::Written;
use crate::lists::lists_of;

/// There are as many rows as classes times images.
const MAX_CLASSES: usize = 1000;

/// What the lists of a shard will say. Every list names every image, and there are too many lists to write into all of them at once, so they are written one
/// after the other at the end: names of images and who is where are kept until then.
pub(crate) struct ClassLists {
    tokens: Tokens,
    /// The stems of all images, one after the other.
    stems: String,
    images: Vec<Image>,
    /// On which images a class is: twice the image's number, plus one if not all there is of the class is difficult.
    present: Vec<Vec<u32>>,
    /// What is known of the image being added, by class.
    seen: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Image {
    part: Part,
    end: usize,
}

/// What is known of a class on an image; the greater one counts.
const DIFFICULT: u8 = 1;
const PRESENT: u8 = 2;

impl ClassLists {
    /// # Errors
    ///
    /// When there are too many classes for such lists.
    pub(crate) fn new(classes: &ClassTable) -> Result<Self, Failure> {
        let count = classes.classes().len();
        if count > MAX_CLASSES {
            let reason = format!("there are {count} classes, and lists of {MAX_CLASSES} at most: choose some with `classes`");
            return Err(Failure::option("/class_lists", reason));
        }
        Ok(Self {
            tokens: Tokens::of_files(classes),
            stems: String::new(),
            images: Vec::new(),
            present: vec![Vec::new(); count],
            seen: vec![0; count],
        })
    }

    pub(crate) fn add(&mut self, part: Part, stem: &str, written: &[Written]) {
        let image = self.images.len() as u32;
        self.stems.push_str(stem);
        self.images.push(Image { part, end: self.stems.len() });
        for object in written {
            if let Some(seen) = self.seen.get_mut(object.class as usize) {
                *seen = (*seen).max(if object.difficult { DIFFICULT } else { PRESENT });
            }
        }
        for object in written {
            if let Some(seen @ (DIFFICULT | PRESENT)) = self.seen.get_mut(object.class as usize).map(std::mem::take)
                && let Some(present) = self.present.get_mut(object.class as usize)
            {
                present.push(2 * image + u32::from(seen == PRESENT));
            }
        }
    }

    pub(crate) fn finish(self, run: &Run, root: &str, split: &Split) {
        for (class, present) in (0..).zip(&self.present) {
            for (list, parts) in lists_of(split) {
                let mut file = run.section(&[root, "ImageSets/Main/", self.tokens.get(class), "_", list, ".txt"].concat(), 0, "");
                let (mut start, mut found) = (0, present.iter().peekable());
                for (at, image) in (0..).zip(&self.images) {
                    let stem = &self.stems[start..image.end];
                    start = image.end;
                    let present = found.next_if(|present| **present / 2 == at).map(|present| present % 2 != 0);
                    if parts.contains(&image.part) {
                        let line = file.buffer();
                        line.extend_from_slice(stem.as_bytes());
                        line.extend_from_slice(match present {
                            None => b" -1\n",
                            Some(false) => b"  0\n",
                            Some(true) => b"  1\n",
                        });
                    }
                }
                file.finish();
            }
        }
    }
}
