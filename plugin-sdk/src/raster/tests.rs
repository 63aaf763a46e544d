#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::*;

const WIDTH: u32 = 24;
const HEIGHT: u32 = 16;

/// What is drawn, as a picture, after checking what is promised of spans.
fn picture(draw: impl FnOnce(&mut Rasterizer, &mut dyn FnMut(u32, u32, u32)) -> u64) -> Vec<bool> {
    let mut pixels = vec![false; (WIDTH * HEIGHT) as usize];
    let mut told = Vec::new();
    let count = draw(&mut Rasterizer::new(WIDTH, HEIGHT), &mut |y, x0, x1| {
        assert!(x0 < x1 && x1 <= WIDTH && y < HEIGHT);
        if let Some(&(last_y, last_x1)) = told.last() {
            assert!(y > last_y || (y == last_y && x0 > last_x1), "order");
        }
        told.push((y, x1));
        pixels[(y * WIDTH + x0) as usize..(y * WIDTH + x1) as usize].fill(true);
    });
    assert_eq!(count, pixels.iter().filter(|set| **set).count() as u64);
    pixels
}

fn lines(pixels: &[bool]) -> Vec<String> {
    pixels.chunks(WIDTH as usize).map(|row| row.iter().map(|&set| if set { '#' } else { '.' }).collect()).collect()
}

fn square(x: f64, y: f64, side: f64) -> Vec<f64> {
    vec![x, y, x + side, y, x + side, y + side, x, y + side]
}

fn ring_picture(ring: &[f64]) -> Vec<bool> {
    picture(|raster, span| raster.ring(ring, span))
}

type Zones = Vec<(Vec<f64>, Vec<Vec<f64>>)>;

fn zones_picture(zones: &Zones) -> Vec<bool> {
    picture(|raster, span| raster.zones(zones.iter().map(|(region, holes)| (&region[..], holes.iter().map(|hole| &hole[..]))), span))
}

/// Even-odd, the slow way: how many edges lie to the left of or on the point.
fn inside(ring: &[f64], x: f64, y: f64) -> bool {
    let points: Vec<(f64, f64)> = ring.chunks_exact(2).map(|point| (point[0], point[1])).collect();
    let edges = points.iter().zip(points.iter().cycle().skip(1));
    let crossed = edges.filter(|&(&a, &b)| {
        let (top, bottom) = if a.1 < b.1 { (a, b) } else { (b, a) };
        top.1 <= y && y < bottom.1 && top.0 + (y - top.1) * (bottom.0 - top.0) / (bottom.1 - top.1) <= x
    });
    crossed.count() % 2 == 1
}

fn centres() -> impl Iterator<Item = (f64, f64)> {
    (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (f64::from(x) + 0.5, f64::from(y) + 0.5)))
}

/// Distance of a point to a segment.
fn distance((x, y): (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let squared = dx * dx + dy * dy;
    let t = if squared == 0.0 { 0.0 } else { (((x - a.0) * dx + (y - a.1) * dy) / squared).clamp(0.0, 1.0) };
    (x - a.0 - t * dx).hypot(y - a.1 - t * dy)
}

#[test]
fn a_square_on_pixel_borders_has_its_area() {
    let mut spans = Vec::new();
    let pixels = Rasterizer::new(WIDTH, HEIGHT).ring(&square(2.0, 3.0, 2.0), |y, x0, x1| spans.push((y, x0, x1)));
    assert_eq!((pixels, spans), (4, vec![(3, 2, 4), (4, 2, 4)]));
    assert_eq!(ring_picture(&square(-10.0, -10.0, 100.0)), vec![true; (WIDTH * HEIGHT) as usize]);
    assert_eq!(Rasterizer::default().ring(&square(0.0, 0.0, 9.0), |_, _, _| panic!("no pixels")), 0);
}

#[test]
fn centres_on_left_and_top_borders_are_inside_and_on_others_are_not() {
    assert_eq!(
        lines(&ring_picture(&square(1.5, 1.5, 2.0)))[..4],
        ["........................", ".##.....................", ".##.....................", "........................"]
    );
}

#[test]
fn what_crosses_itself_is_even_odd_and_holes_are_cut_in_their_own_zone() {
    // A star whose middle is wound around twice.
    let star = [12.0, 0.0, 16.0, 14.0, 4.0, 5.0, 20.0, 5.0, 8.0, 14.0];
    assert!(!ring_picture(&star)[(7 * WIDTH + 12) as usize]);
    // The hole of the first zone lies on the second one.
    let zones = vec![(square(0.0, 0.0, 10.0), vec![square(2.0, 2.0, 6.0), square(4.0, 4.0, 2.0)]), (square(5.0, 5.0, 4.0), vec![])];
    let picture = lines(&zones_picture(&zones));
    assert_eq!(picture[4], "##......##..............");
    assert_eq!(picture[6], "##...#####..............");
}

#[test]
fn lines_have_their_thickness_and_round_ends() {
    let line = |path: &[f64], closed, thickness| lines(&picture(|raster, span| raster.line(path, closed, thickness, span)));
    assert_eq!(line(&[2.0, 1.0, 6.0, 1.0], false, 1.0)[..3], ["..####..................", "........................", "........................"]);
    assert_eq!(line(&[2.5, 0.5, 5.5, 0.5], false, 1.0)[0], "..####..................");
    assert_eq!(
        line(&[4.5, 3.5, 8.5, 3.5], false, 5.0)[1..6],
        ["...#######..............", "..#########.............", "..#########.............", "..#########.............", "...#######.............."]
    );
    let closed = line(&[2.5, 2.5, 7.5, 2.5, 7.5, 6.5, 2.5, 6.5], true, 1.0);
    assert_eq!(
        closed[2..7],
        ["..######................", "..#....#................", "..#....#................", "..#....#................", "..######................"]
    );
}

#[test]
fn nothing_in_the_image_is_too_small_to_be_seen() {
    for (x, y, at) in [(1.0, 1.0, (1, 1)), (3.99, 2.01, (3, 2)), (24.0, 16.0, (23, 15)), (0.0, 0.0, (0, 0))] {
        let dot = picture(|raster, span| raster.disc(x, y, 0.0, span));
        assert!(dot[(at.1 * WIDTH + at.0) as usize], "{x} {y}");
        assert_eq!(dot.iter().filter(|set| **set).count(), 1);
    }
    for (x, y) in [(-1.0, 5.0), (24.1, 5.0), (5.0, f64::NAN), (f64::INFINITY, 1.0)] {
        assert_eq!(Rasterizer::new(WIDTH, HEIGHT).disc(x, y, 1.0, |_, _, _| {}), 0, "{x} {y}");
    }
}

#[test]
fn hostile_coordinates_end_soon() {
    let mut raster = Rasterizer::new(WIDTH, HEIGHT);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, f64::MAX, 5e-324] {
        let path = [bad, 1.0, 5.0, bad, -bad, bad, 3.0, 4.0];
        raster.ring(&path, |_, _, _| {});
        raster.zones([(&path[..], [&path[..], &path[..6]])], |_, _, _| {});
        raster.line(&path, true, bad, |_, _, _| {});
    }
    let far = [-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9];
    assert_eq!(raster.ring(&far, |_, _, _| {}), u64::from(WIDTH * HEIGHT));
    let zigzag: Vec<f64> = (0..20_000).flat_map(|at| [f64::from(at), if at % 2 == 0 { -1e9 } else { 1e9 }]).collect();
    raster.ring(&zigzag, |_, _, _| {});
    raster.line(&zigzag, false, 3.0, |_, _, _| {});
}

#[test]
fn labels_show_what_is_on_top() {
    let mut labels = Labels::new();
    labels.reset(10, 3);
    labels.paint(1, 2, 8, 7);
    assert_eq!(labels.row(1), [Run { x0: 2, x1: 8, label: 7 }]);
    labels.paint(1, 4, 6, 9);
    labels.paint(1, 8, 99, 9);
    labels.paint(1, 0, 1, 9);
    labels.paint(2, 3, 3, 1);
    labels.paint(3, 0, 1, 1);
    let run = |x0, x1, label| Run { x0, x1, label };
    assert_eq!(labels.row(1), [run(0, 1, 9), run(2, 4, 7), run(4, 6, 9), run(6, 8, 7), run(8, 10, 9)]);
    assert_eq!([0, 1, 2, 3, 4].map(|y| labels.next_painted(y)), [1, 1, 3, 3, 3]);
    assert_eq!((labels.row(0).len(), labels.row(2).len(), labels.row(3).len(), labels.check()), (0, 0, 0, Ok(())));
    labels.reset(4, 2);
    assert!(labels.row(1).is_empty());
    labels.reset(1, u32::MAX);
    labels.paint(u32::MAX - 1, 0, 1, 1);
    assert_eq!((labels.check(), labels.size(), labels.next_painted(7)), (Err(TooComplex), (1, u32::MAX), u32::MAX));
}

fn ring() -> impl Strategy<Value = Vec<f64>> {
    // Halves, so that centres on borders occur.
    prop::collection::vec(prop_oneof![(-8..60).prop_map(|half| f64::from(half) / 2.0), -4.0..28.0], 0..7).prop_flat_map(|numbers| {
        let length = numbers.len() & !1;
        Just(numbers[..length].to_vec())
    })
}

proptest! {
    #[test]
    fn zones_are_what_the_rule_says(zones in prop::collection::vec((ring(), prop::collection::vec(ring(), 0..3)), 0..4)) {
        let picture = zones_picture(&zones);
        for ((x, y), got) in centres().zip(&picture) {
            let want = zones.iter().any(|(region, holes)| inside(region, x, y) && !holes.iter().any(|hole| inside(hole, x, y)));
            // Centres on a slanted border are a matter of the last bit.
            let edge = zones.iter().flat_map(|(region, holes)| std::iter::once(region).chain(holes)).any(|ring| {
                let points: Vec<(f64, f64)> = ring.chunks_exact(2).map(|point| (point[0], point[1])).collect();
                points.iter().zip(points.iter().cycle().skip(1)).any(|(&a, &b)| a.0 != b.0 && distance((x, y), a, b) < 1e-9)
            });
            prop_assert!(*got == want || edge, "{x} {y}");
        }
    }

    #[test]
    fn shapes_that_share_borders_tile_the_image(x in 1.0..23.0_f64, y in 1.0..15.0_f64) {
        // Four triangles around a point cover everything once.
        let corners = [(0.0, 0.0), (24.0, 0.0), (24.0, 16.0), (0.0, 16.0)];
        let mut covered = vec![0; (WIDTH * HEIGHT) as usize];
        for at in 0..4 {
            let (a, b) = (corners[at], corners[(at + 1) % 4]);
            let triangle = ring_picture(&[a.0, a.1, b.0, b.1, x, y]);
            covered.iter_mut().zip(triangle).for_each(|(count, set)| *count += u32::from(set));
        }
        prop_assert!(covered.iter().all(|&count| count == 1));
    }

    #[test]
    fn lines_are_all_that_is_near_them(path in prop::collection::vec((-6.0..30.0_f64, -6.0..22.0_f64), 1..5), thickness in 0.0..9.0_f64, closed in any::<bool>()) {
        let flat: Vec<f64> = path.iter().flat_map(|&(x, y)| [x, y]).collect();
        let picture = picture(|raster, span| raster.line(&flat, closed, thickness, span));
        let radius = thickness.max(1.0) / 2.0;
        let mut ends = path.clone();
        if closed {
            ends.push(path[0]);
        }
        for (centre, got) in centres().zip(&picture) {
            let near = ends.windows(2).map(|pair| distance(centre, pair[0], pair[1])).fold(distance(centre, path[0], path[0]), f64::min);
            let only = picture.iter().filter(|set| **set).count() == 1 && (centre.0 - 0.5, centre.1 - 0.5) == (path[0].0.floor(), path[0].1.floor());
            prop_assert!(*got == (near < radius || only) || (near - radius).abs() < 1e-9, "{centre:?} {near}");
        }
    }

    #[test]
    fn labels_are_those_of_a_canvas(spans in prop::collection::vec((0..4_u32, 0..30_u32, 0..30_u32, 1..5_u32), 0..40)) {
        let mut labels = Labels::new();
        labels.reset(WIDTH, 4);
        let mut canvas = [[0; WIDTH as usize]; 4];
        for (y, x0, x1, label) in spans {
            labels.paint(y, x0, x1, label);
            (x0..x1.min(WIDTH)).for_each(|x| canvas[y as usize][x as usize] = label);
        }
        for (y, want) in (0..).zip(canvas) {
            let mut got = [0; WIDTH as usize];
            let runs = labels.row(y);
            prop_assert!(runs.windows(2).all(|pair| pair[0].x1 <= pair[1].x0));
            prop_assert!(runs.iter().all(|run| run.x0 < run.x1));
            runs.iter().for_each(|run| got[run.x0 as usize..run.x1 as usize].fill(run.label));
            prop_assert_eq!(got, want);
        }
    }
}
