#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use proptest::prelude::*;

/// Name, ring, width, height, compressed text and area, the last two as pycocotools 2.0.11 computes them.
type Known = (&'static str, &'static [f64], u32, u32, &'static str, u64);

#[rustfmt::skip]
const KNOWN: &[Known] = &[
    ("triangle", &[1.5, 1.0, 8.25, 3.5, 2.0, 9.0], 10, 10, r"e074O0O1O2N1Ob0", 25),
    ("fractions", &[10.13, 20.77, 80.5, 15.02, 90.99, 70.3, 40.41, 88.8, 5.5, 60.6], 100, 100, r"]d08c2:F:G9I601O1O1N2O1O001O1O1O1O001O1O1O1N101O1O1O1O1O001O1O1O1O0O2O1O1OO10000O10000O100O01000O10000O10000O100O10O10O10000O10000O100O1000O010000O10000O6K5J6K6J5J6K6J5J6K6JPj0", 4734),
    ("backwards", &[5.5, 60.6, 40.41, 88.8, 90.99, 70.3, 80.5, 15.02, 10.13, 20.77], 100, 100, r"]d08c2:F:G9I601O1O1N2O1O001O1O1O1O001O1O1O1N101O1O1O1O1O001O1O1O1O0O2O1O1OO10000O10000O100O01000O10000O10000O100O10O10O10000O10000O100O1000O010000O10000O6K5J6K6J5J6K6J5J6K6JPj0", 4734),
    ("outside", &[-20.3, -10.7, 50.2, 30.9, 120.6, -5.1, 70.0, 130.4, -33.3, 90.9], 100, 80, r"2^2201O001O1O001O001O001O1O001O001O1O001O001O1O001O001O1O001O001O001O1O001O001O1O001O001O1O001O001O1O00O100O100O100O100O100O100O100O100O100O100O100O100O100O1O100O100O100O100O100O10N1N3N1N3M2O2M2N3N1N3MM", 6114),
    ("bowtie", &[10.0, 10.0, 60.0, 60.0, 60.0, 10.0, 10.0, 60.0], 70, 70, r"Vf0a1f0N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N10O2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2N2ae0", 1250),
    ("sliver", &[3.2, 1.1, 3.3, 50.7, 3.4, 1.2], 20, 60, r"`U1", 0),
    ("whole", &[0.0, 0.0, 40.0, 0.0, 40.0, 30.0, 0.0, 30.0], 40, 30, r"0`U1", 1200),
    ("beside", &[50.0, 50.0, 60.0, 50.0, 60.0, 60.0], 40, 30, r"`U1", 0),
    ("repeated", &[2.0, 2.0, 2.0, 2.0, 9.0, 2.0, 9.0, 9.0, 9.0, 9.0, 2.0, 9.0], 12, 12, r"j07500000000000R1", 49),
    ("random0", &[31.884, -19.515, 23.969, 30.221, -8.91, 54.261, -10.32, 41.746, -8.094, -16.415], 43, 106, r"0_1k100O1O1O100O1O1O100O1O100O1O1O100O1O1O100O1O1O1M3J6I7J6Ic^1", 1004),
    ("random1", &[-2.038, 8.52, 14.078, 181.234, 12.467, 49.869, 25.24, -33.595, 21.471, 24.343, -1.384, -16.618], 20, 149, r"0R1c3;E:F;E;E;E;E;F:G9G9F5LjL1b11VNg2XO[M?c3H7Hg41YK8J", 1352),
    ("random2", &[-1.604, 112.87, 106.895, 52.955, 85.306, -35.717, -30.286, 5.287, 116.719, 68.762], 148, 179, r"0b0Q51kM^OWOb0m21jM]OZOc0e0^O[Oc0d0\O]Od0b0]O^Oc0b0\O_Oe0?\OAd0?\OAe0=[ODe0<[ODf0:[OFe0:ZOGf08[OHf06ZOKf05ZOKg03ZOMf03YONh00YO0g00YO0g0OYO2h0MXO3h0LXO5i0IXO7h0IXO7i0GWO:i0FWO:j0DWO<i0DVO=j0BWO>j0AVO?j0@VOa0k0]OVOc0j0]OUOd0l0ZOUOf0k0ZOUOf0k0YOUOh0l0WOTOi0l0VOUOj0l0UOSOl0m0SOTOm0m0QOSOP1m0POSOP1m0oNTOQ1m0nNROS1n0lNSOT1n0kNROU1n0jNROW1o0hNQOX1o0gNQOZ1o0fNQOZ1P1dNQO\1o0cNQO^1P1aNPO_1P1`NQO`1P1_NoNb1Q1]NPOc1P1]NoNd1R1ZNoNf1Q1ZNoNf1R1XNnNi1R1VNoNj1R1UNnNk1R1TNnNm1S1RNmNn1S1QNmNP2S1PNmNP2T1nMmNR2S1nMlNS2U1kMlNU2T1jMmNV2T1iMkNX2U1gMlNY2T1gMlNY2U1eMkN\2U1dMkN\2V1bMjN_2V1aMjN_2W1_MjNa2V1^MjNc2V1]MjNc2W1[MjNe2V1[MiNf2X1XMiNh2W1XMhNi2Y1UMhNk2X1UMhNk2X1TMhNm2Y1RMgNn2Y1QMhNo2Y1oLgNR3Y1nLgNR3Z1lLfNW3X1iLhN[3T1eLlN_3P1aLoNd3l0]LTOh3g0YLXOk3c0VL\Oo3?SL@Q4<oKCV48lKGX45hKK\40eKOa4L`K3d4H]K8P5N101N10001N101O0Om`5", 5034),
    ("random3", &[146.011, 42.894, 12.088, -1.905, 117.518, -26.031, 22.369, 75.797, 30.946, 64.393], 124, 154, r"^k21i400001O0`MO71Y21O0\MN`02_ONb03\OMe03YONh02WONj03TOMm03SOLn04l11TMKQ15nNLR14mNLT15jNLV14iNMW13gNOY12eNO[11dNO]11bN0^11`N0`10_N1a1O^N2b1O\N1e1OZN2f1NYN3g1NWN3i1MVN4j1LUN5k1LSN4n1LQN5o1KoM7Q2JmM7S2IlM8T2HkM8V2IhM8X2HgM9Y2GfM:Z2GdM:\2FcM:^2FaM;_2F_M;a2E^M<b2D]M=c2D[M=e2CZM=g2CWM?i2BUM?k2ATM`0l2@SMa0m2@QM`0P3@oLa0Q3d00jNPMb0P3]OQMc0o2\ORMc0o2\OSMc0m2\OTMd0l2[OUMe0k2ZOWMe0i2YOYMg0g2XOZMg0g2XO[Mg0e2XO\Mh0d2WO]Mi0c2VO_Mi0a2VO`Mi0a2VO`Mj0`2UObMj0^2UOcMk0V301N10001O00001N10001O000O2O00001O0O101O00001O0O101O00001N1000mN", 2686),
    ("random4", &[11.939, -1.262, 5.688, 41.763, 8.618, 43.373, -4.044, 20.752, 22.139, 35.328, 5.617, 9.11, 11.378, 34.126], 23, 35, r"g06n00O2O1N10OAI36NMNM:<2CD166LIK?3A`091N101O0O2O0O2O1N100", 161),
    ("random5", &[12.84, 56.436, -5.682, 60.857, 20.591, 95.383], 28, 74, r"k1:P21O1O2M2O00000O1000000O14L5K5Kbi0", 224),
];

#[test]
fn masks_are_those_of_the_coco_tools() {
    for &(name, ring, width, height, text, area) in KNOWN {
        let mask = Rle::from_ring(ring, width, height).unwrap();
        assert_eq!(mask.to_compressed(), text, "{name}");
        assert_eq!(mask.area(), area, "{name}");
        assert_eq!(Rle::from_compressed(text, width, height), Ok(mask), "{name}");
    }
}

#[test]
fn holes_are_cut_out_and_zones_united_as_the_coco_tools_do() {
    let region = [5.5, 5.5, 40.2, 6.1, 38.8, 40.4, 7.7, 37.9];
    let holes = [[10.0, 10.0, 20.5, 10.0, 20.5, 20.5, 10.0, 20.5], [15.0, 15.0, 30.0, 15.0, 30.0, 30.0, 15.0, 30.0]];
    let other = [30.0, 20.0, 58.0, 22.0, 50.0, 48.0];
    let zones = [(&region[..], holes.iter().map(|hole| &hole[..]).collect()), (&other[..], Vec::new())];
    let mask = Rle::from_zones(zones, 60, 50).unwrap();
    assert_eq!(
        mask.to_compressed(),
        r"b9=U1>B5K00TOI=7CI=7CI=7CI=7CI>6B35MK35MK35MK35MK35MK35M0N020N020N020N020N020N020N11OO11OO11h000000000000000000If0CN1O1O2N1O2N1O1O2N1OO2L3M3M3L4M3M3Ma2"
    );
    assert_eq!(mask.area(), 1090);
}

#[test]
fn no_zones_are_an_empty_mask() {
    let mask = Rle::from_zones(std::iter::empty::<(&[f64], Vec<&[f64]>)>(), 4, 5).unwrap();
    assert_eq!((mask.counts(), mask.area(), mask.size()), (&[20][..], 0, (4, 5)));
}

#[test]
fn hostile_sizes_and_coordinates_are_errors() {
    let ring = [1.0, 1.0, 5.0, 1.0, 5.0, 5.0];
    assert_eq!(Rle::from_ring(&ring, 100_000, 100_000), Err(RleError::ImageSize));
    assert_eq!(Rle::from_ring(&ring, 0, 10), Err(RleError::ImageSize));
    for bad in [1e300, f64::NAN, f64::INFINITY, -1.1e7] {
        assert_eq!(Rle::from_ring(&[bad, 1.0, 5.0, 1.0, 5.0, 5.0], 10, 10), Err(RleError::Coordinate));
    }
    let zigzag: Vec<f64> = (0..1000).flat_map(|at| [if at % 2 == 0 { -1e7 } else { 1e7 }, f64::from(at)]).collect();
    assert_eq!(Rle::from_ring(&zigzag, 65_000, 65_000), Err(RleError::TooComplex));
    // Far away and large, but simple.
    let around = [-1e7, -1e7, 1e7, -1e7, 1e7, 1e7, -1e7, 1e7];
    assert_eq!(Rle::from_ring(&around, 65_000, 65_000).unwrap().area(), 65_000 * 65_000);
}

#[test]
fn malformed_texts_are_refused() {
    for text in ["", "~", "0", "P", "oooooooooooooooo", "\u{7f}", "1"] {
        assert_eq!(Rle::from_compressed(text, 10, 10), Err(RleError::Malformed), "{text:?}");
    }
}

/// Any mask of 12 × 9 pixels.
fn masks() -> impl Strategy<Value = Rle> {
    prop::collection::vec(any::<bool>(), 108).prop_map(|pixels| {
        let mut counts = vec![0];
        let mut value = false;
        for pixel in pixels {
            if pixel != value {
                counts.push(0);
                value = pixel;
            }
            if let Some(last) = counts.last_mut() {
                *last += 1;
            }
        }
        Rle { width: 12, height: 9, counts }
    })
}

proptest! {
    #[test]
    fn compressed_texts_come_back(mask in masks()) {
        prop_assert_eq!(Rle::from_compressed(&mask.to_compressed(), 12, 9), Ok(mask));
    }

    #[test]
    fn set_operations_are_those_of_the_pixels(a in masks(), b in masks()) {
        let both = |op: fn(bool, bool) -> bool| a.pixels().into_iter().zip(b.pixels()).map(|(a, b)| op(a, b)).collect::<Vec<_>>();
        prop_assert_eq!(a.union(&b).pixels(), both(|a, b| a || b));
        prop_assert_eq!(a.subtract(&b).pixels(), both(|a, b| a && !b));
        prop_assert!(a.union(&b).counts.iter().skip(1).all(|&run| run > 0));
    }

    #[test]
    fn a_mask_has_about_the_area_of_its_ring(points in prop::collection::vec((0.0..90.0, 0.0..70.0), 3..4)) {
        let ring: Vec<f64> = points.into_iter().flat_map(|(x, y)| [x, y]).collect();
        let mask = Rle::from_ring(&ring, 90, 70).unwrap();
        let around = crate::geometry::Extent::of(&ring).unwrap();
        let outline = 2.0 * (around.width() + around.height()) + 8.0;
        prop_assert!((mask.area() as f64 - crate::geometry::area(&ring)).abs() <= outline);
        prop_assert_eq!(mask.pixels().len(), 90 * 70);
    }
}

#[test]
fn runs_of_set_pixels_become_run_lengths() {
    let mut builder = Builder::default();
    for (start, end) in [(2, 4), (4, 5), (3, 6), (7, 7), (8, 12)] {
        builder.set(start, end);
    }
    assert_eq!(builder.area(), 7);
    assert_eq!(builder.finish(3, 4).unwrap().counts(), [2, 3, 3, 4]);
    assert_eq!(builder.finish(3, 4).unwrap().counts(), [12]);
    builder.set(0, 1);
    assert_eq!(builder.clone().finish(3, 4).unwrap().counts(), [0, 1, 11]);
    assert_eq!(builder.clone().finish(0, 4), Err(RleError::ImageSize));
    builder.set(5, 13);
    assert_eq!(builder.finish(3, 4), Err(RleError::Malformed));
}

proptest! {
    #[test]
    fn what_is_taken_apart_is_put_together_again(ring in prop::collection::vec(-5.0..25.0, 6..12)) {
        let ring = &ring[..ring.len() & !1];
        let mask = Rle::from_ring(ring, 20, 17).unwrap();
        let mut builder = Builder::default();
        (0..).zip(mask.pixels()).filter(|(_, set)| *set).for_each(|(at, _)| builder.set(at, at + 1));
        let built = builder.finish(20, 17).unwrap();
        prop_assert_eq!(built.pixels(), mask.pixels());
        prop_assert_eq!(Rle::from_compressed(&built.to_compressed(), 20, 17).unwrap(), built);
    }
}
