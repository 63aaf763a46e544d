#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::*;
use crate::testkit::read_tasks;

/// Objects by id, class and frame; `true` where the track stops.
fn objects(entries: &[(&str, &str, Option<u32>, bool)]) -> Vec<Object> {
    let tools: Vec<String> = entries
        .iter()
        .map(|(id, class, page, stops)| {
            let page = page.map_or(String::new(), |page| format!(r#""page":{page},"#));
            format!(r#"{{"point":[1,2],"objectId":"{id}","schemaId":"{class}",{page}"interpolationStopped":{stops},"title":"t"}}"#)
        })
        .collect();
    let task = format!(r#"{{"asset":"u","externalId":"a","metadata":{{}},"batches":[],"task":{{"taskId":"t","tools":[{}]}}}}"#, tools.join(","));
    read_tasks(&task).unwrap().remove(0).annotations.objects
}

/// Entries of tracks: frame, position, and whether it stops.
type List = Vec<Vec<(u32, u32, bool)>>;

fn tracks(entries: &[(&str, &str, Option<u32>, bool)]) -> (List, Tracks) {
    let mut tracks = Tracks::default();
    tracks.set(&objects(entries));
    let list = tracks.iter().map(|track| track.iter().map(|entry| (entry.frame, entry.position, entry.stops)).collect()).collect();
    (list, tracks)
}

#[test]
fn objects_of_one_id_and_class_are_a_track_in_the_order_of_frames() {
    let (list, tracks) = tracks(&[
        ("b", "car", Some(7), false),
        ("a", "car", Some(1), false),
        ("b", "car", Some(5), false),
        ("a", "dog", Some(2), false),
        ("b", "car", Some(8), true),
        ("a", "car", None, false),
    ]);
    let want = [vec![(5, 2, false), (7, 0, false), (8, 4, true)], vec![(0, 5, false), (1, 1, false)], vec![(2, 3, false)]];
    assert_eq!(list, want);
    assert!(tracks.have_gaps());
    assert_eq!(tracks.repeated(), [] as [u32; 0]);
}

#[test]
fn a_frame_has_one_entry_and_what_is_there_counts_more_than_an_end() {
    let (list, tracks) = tracks(&[("a", "c", Some(1), true), ("a", "c", Some(1), false), ("a", "c", Some(1), false), ("a", "c", Some(2), true)]);
    assert_eq!(list, [[(1, 1, false), (2, 3, true)]]);
    assert_eq!(tracks.repeated(), [2]);
}

#[test]
fn without_an_id_every_object_is_its_own_track() {
    let mut objects = objects(&[("x", "c", Some(1), false), ("x", "c", Some(2), false)]);
    objects.iter_mut().for_each(|object| object.object_id.clear());
    let mut tracks = Tracks::default();
    tracks.set(&objects);
    assert_eq!(tracks.iter().count(), 2);
    tracks.set(&[]);
    assert_eq!(tracks.iter().count(), 0);
}

#[test]
fn after_an_end_nothing_is_missing() {
    assert!(!tracks(&[("a", "c", Some(1), false), ("a", "c", Some(2), true), ("a", "c", Some(9), false)]).1.have_gaps());
    assert!(tracks(&[("a", "c", Some(1), false), ("a", "c", Some(4), true)]).1.have_gaps());
    assert!(tracks(&[("a", "c", Some(0), false), ("a", "c", Some(u32::MAX), false)]).1.have_gaps());
}

/// The key frames among consecutive frames: the first, the last, and those that are needed between.
fn keys(values: &[Vec<f64>], tolerance: f64) -> Vec<usize> {
    let mut finder = KeyFrames::new(tolerance);
    finder.begin(0, &values[0]);
    let mut keys = vec![0];
    for at in 1..values.len() {
        if !finder.reaches(at as u32, &values[at]) {
            keys.push(at - 1);
            finder.begin(at as u32 - 1, &values[at - 1]);
            assert!(finder.reaches(at as u32, &values[at]));
        }
    }
    keys.push(values.len() - 1);
    keys
}

#[test]
fn a_straight_way_needs_its_ends_and_a_bend_its_corner() {
    let bend = |at: usize| if at <= 20 { 3.7 * at as f64 } else { 74.0 - 1.3 * (at - 20) as f64 };
    let values: Vec<Vec<f64>> = (0..60).map(|at| vec![bend(at), 5.0, 100.0 - at as f64 / 3.0]).collect();
    assert_eq!(keys(&values, 1e-6), [0, 20, 59]);
    assert_eq!(keys(&values[..2], 1e-6), [0, 1]);
    let mut finder = KeyFrames::new(1.0);
    finder.begin(3, &[1.0, 2.0]);
    assert!(!finder.reaches(4, &[1.0]) && !finder.reaches(3, &[1.0, 2.0]));
}

proptest! {
    #[test]
    fn what_is_interpolated_is_never_further_off_than_the_tolerance(
        steps in prop::collection::vec((-3.0..3.0, 0_usize..12), 1..8), noise in prop::collection::vec(-0.02..0.02, 100), tolerance in 0.001..0.5
    ) {
        let mut at = 0.0;
        let mut values = vec![vec![0.0, 0.0]];
        for (slope, frames) in steps {
            for _ in 0..=frames {
                at += slope;
                values.push(vec![at + noise[values.len() % 100], at * 2.0]);
            }
        }
        let keys = keys(&values, tolerance);
        for pair in keys.windows(2).filter(|pair| pair[0] < pair[1]) {
            for frame in pair[0]..=pair[1] {
                let part = (frame - pair[0]) as f64 / (pair[1] - pair[0]) as f64;
                for ((from, to), at) in values[pair[0]].iter().zip(&values[pair[1]]).zip(&values[frame]) {
                    prop_assert!((from + (to - from) * part - at).abs() <= tolerance + 1e-9);
                }
            }
        }
    }
}
