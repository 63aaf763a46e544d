//! Numbers without a pattern, the same in every language (splitmix64).

/// The generator; its state is the seed.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number of any kind: coordinates as they are drawn, with few decimals, with halves in the decimals that are rounded away, small and huge ones, any bits.
    pub fn number(&mut self) -> f64 {
        let sign = if self.below(4) == 0 { -1.0 } else { 1.0 };
        let kind = self.below(9);
        let size = match kind {
            0 | 1 => self.unit() * 4000.0,
            2 => self.below(400_000) as f64 / 100.0,
            3 => (self.below(4_000_000_000) as f64 * 2.0 + 1.0) / 2e6,
            4 => (self.below(4_000_000_000) as f64 * 2.0 + 1.0) / 2e7,
            5 => self.unit(),
            6 => self.unit() * 10_f64.powi(self.below(24) as i32 - 4),
            7 => self.below(20_000) as f64,
            _ => {
                let any = f64::from_bits(self.next());
                if any.is_finite() { any.abs() } else { 0.5 }
            }
        };
        sign * size
    }

    /// A ring of so many points in and around an image of this size; some on whole pixels, some closed, some with a point repeated.
    pub fn ring(&mut self, points: u64, width: f64, height: f64) -> Vec<f64> {
        let whole = self.below(3) == 0;
        let (reach, x0, y0) = (1.6, -0.3 * width, -0.3 * height);
        let mut ring = Vec::new();
        for _ in 0..points {
            let (x, y) = (x0 + self.unit() * width * reach, y0 + self.unit() * height * reach);
            ring.extend(if whole { [x.floor(), y.floor()] } else { [x, y] });
            if self.below(12) == 0 {
                ring.extend_from_within(ring.len() - 2..);
            }
        }
        if self.below(6) == 0 && ring.len() > 2 {
            ring.extend_from_within(..2);
        }
        ring
    }
}
