//! Which images validate.

/// A split by hash: it depends on the task id and the seed only, so that a task stays on its side from export to export.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Split {
    ratio: f64,
    seed: u32,
}

impl Split {
    pub(crate) fn new(ratio: f64, seed: u32) -> Self {
        Self { ratio, seed }
    }

    /// Whether there are images that only validate.
    pub(crate) fn has_val(self) -> bool {
        self.ratio > 0.0
    }

    /// Whether the image of a task validates.
    pub(crate) fn is_val(self, task_id: &str) -> bool {
        if !self.has_val() {
            return false;
        }
        // FNV-1a, and a last mixing, as its high bits alone are poor.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in self.seed.to_le_bytes().into_iter().chain(task_id.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        hash ^= hash >> 32;
        (hash >> 11) as f64 / (1_u64 << 53) as f64 <= self.ratio
    }

    /// What people should know about the split before they train.
    pub(crate) fn warning(self, task_count: Option<u64>) -> Option<String> {
        if !self.has_val() {
            return Some("`val` in data.yaml is the training list: give `val_ratio` to keep images for validation".to_owned());
        }
        // With 20 images expected, none at all has a chance below one in a hundred million.
        let expected = task_count? as f64 * self.ratio.min(1.0 - self.ratio);
        (expected < 20.0).then(|| {
            "few tasks: one side of the split may be empty, which Ultralytics refuses; check train.txt and val.txt, and try another `seed`".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_the_ratio_validates_and_a_seed_changes_who() {
        let ids: Vec<String> = (0..10_000).map(|at| format!("65b7da3c2656cfc3fcc{at:05x}")).collect();
        let val = |seed| ids.iter().map(|id| Split::new(0.2, seed).is_val(id)).collect::<Vec<_>>();
        let count = val(0).iter().filter(|&&val| val).count();
        assert!((1850..2150).contains(&count), "{count}");
        let same = val(0).iter().zip(val(1)).filter(|(a, b)| **a == *b).count();
        assert!((6500..7100).contains(&same), "{same}");
        assert!(!Split::new(0.0, 0).is_val("x"));
    }
}
