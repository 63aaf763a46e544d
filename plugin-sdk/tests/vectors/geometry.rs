//! Geometry. What `rotated_corners` computes depends on the last bit of the machine's sine, so it is compared with a tolerance: its cases are of angles that make no difference here.

use crate::random::Random;
use crate::{all_bits, bits, check};
use ango_plugin_sdk::geometry::{
    Bounds, Clip, Clipper, Extent, Shape, area_with_holes, bridge, open_ring, rotated_corners, signed_area, simplify, usable,
};
use ango_plugin_sdk::{BoundingBox, Geometry, RotatedBox, Zone};
use serde_json::{Value, json};

const SIZE: (f64, f64) = (200.0, 120.0);

fn rings(random: &mut Random, count: usize, most: u64) -> Vec<Vec<f64>> {
    (0..count)
        .map(|_| {
            let points = random.below(most);
            random.ring(points, SIZE.0, SIZE.1)
        })
        .collect()
}

#[test]
fn rings_and_rectangles() {
    let mut random = Random(1);
    let mut paths = rings(&mut random, 120, 12);
    paths.extend([vec![], vec![1.0], vec![1.0, 2.0], vec![1.0, 2.0, 3.0], vec![f64::NAN; 8], vec![1e300; 6], vec![0.0, 0.0, 1e9, 0.0, 1e9, -1e9]]);
    let known = |path: &&Vec<f64>| path.iter().all(|number| !number.is_nan());
    let basics = paths
        .iter()
        .filter(known)
        .map(|path| {
            let extent = Extent::of(path).map(|extent| {
                json!([
                    all_bits(&[extent.x0, extent.y0, extent.x1, extent.y1, extent.area()]),
                    extent.is_inside(SIZE.0, SIZE.1),
                    all_bits(&extent.clipped(SIZE.0, SIZE.1).ring()),
                ])
            });
            json!([all_bits(path), usable(path), all_bits(open_ring(path)), bits(signed_area(path)), extent])
        })
        .collect();
    let usable_paths: Vec<&Vec<f64>> = paths.iter().filter(|path| usable(path) && path.len().is_multiple_of(2)).collect();
    let mut clipper = Clipper::default();
    let clipped = usable_paths
        .iter()
        .map(|path| match clipper.ring(path, SIZE.0, SIZE.1) {
            Clip::Inside => json!([all_bits(path), "inside", Value::Null]),
            Clip::Cut(ring) => json!([all_bits(path), "cut", all_bits(ring)]),
            Clip::Outside => json!([all_bits(path), "outside", Value::Null]),
        })
        .collect();
    let holes = usable_paths
        .chunks(3)
        .map(|part| {
            let cut = part.iter().skip(1).map(|hole| &hole[..]);
            json!([part.iter().map(|path| all_bits(path)).collect::<Vec<_>>(), bits(area_with_holes(part[0], cut))])
        })
        .collect();
    let corners = [0.0, 90.0, -90.0, 180.0, 30.0, -40.971_736_333_514_86, 12.5, 359.0]
        .map(|rotation| json!([all_bits(&[10.5, 20.25, 30.0, 40.125, rotation]), all_bits(&rotated_corners(10.5, 20.25, 30.0, 40.125, rotation))]));
    check("geometry.json", &[("basics", basics), ("clip", clipped), ("holes", holes), ("rotated-corners", corners.to_vec())]);
}

#[test]
fn fewer_points_and_bridges() {
    let mut random = Random(2);
    let mut simplified: Vec<Value> = Vec::new();
    for (points, most) in [(0, 3), (3, 3), (4, 3), (12, 4), (12, 0), (40, 12), (40, 40), (200, 20), (200, 150)] {
        let ring = random.ring(points, SIZE.0, SIZE.1);
        simplified.push(json!([all_bits(&ring), most, all_bits(&simplify(&ring, most))]));
    }
    for ring in [vec![f64::MAX, f64::MIN, 0.0, 1.0, f64::MAX, 2.0, 5.0, 5.0], vec![7.0; 20]] {
        simplified.push(json!([all_bits(&ring), 3, all_bits(&simplify(&ring, 3))]));
    }
    let mut bridged = Vec::new();
    for (count, points, room) in [(1, 5, 100), (2, 6, 100), (3, 8, 100), (4, 20, 30), (9, 7, 20), (30, 4, 40), (5, 40, 60)] {
        let rings: Vec<(Vec<f64>, bool)> = (0..count)
            .map(|at| {
                let extra = random.below(4);
                (random.ring(points + extra, SIZE.0, SIZE.1), at > 0 && random.below(2) == 0)
            })
            .collect();
        let borrowed: Vec<(&[f64], bool)> = rings.iter().map(|(ring, hole)| (&ring[..], *hole)).collect();
        let joined = bridge(&borrowed, room);
        let given: Vec<Value> = rings.iter().map(|(ring, hole)| json!([all_bits(ring), hole])).collect();
        bridged.push(json!([given, room, all_bits(&joined.ring), joined.dropped]));
    }
    check("rings.json", &[("simplify", simplified), ("bridge", bridged)]);
}

/// A geometry as JSON that needs no schema: its kind and its numbers.
fn described(geometry: &Geometry) -> Value {
    match geometry {
        Geometry::BoundingBox(b) => json!(["box", all_bits(&[b.x, b.y, b.width, b.height])]),
        Geometry::RotatedBox(b) => json!(["rotated", all_bits(&b.corners)]),
        Geometry::Polygon(path) => json!(["polygon", all_bits(path)]),
        Geometry::Segmentation(zones) => {
            let zones: Vec<Value> =
                zones.iter().map(|zone| json!([all_bits(&zone.region), zone.holes.iter().map(|hole| all_bits(hole)).collect::<Vec<_>>()])).collect();
            json!(["segmentation", zones])
        }
        _ => json!(["point", ""]),
    }
}

#[test]
fn shapes() {
    let mut random = Random(3);
    let mut geometries = vec![Geometry::VoxelBrush, Geometry::Segmentation(Vec::new()), Geometry::Polygon(vec![f64::INFINITY; 8])];
    for at in 0..90 {
        let corner = |random: &mut Random| (random.unit() * 260.0 - 30.0, random.unit() * 160.0 - 20.0);
        let (x, y) = corner(&mut random);
        geometries.push(match at % 4 {
            0 => {
                let (width, height) = (random.unit() * 60.0, if random.below(8) == 0 { 0.0 } else { random.unit() * 50.0 });
                Geometry::BoundingBox(BoundingBox { x, y, width, height })
            }
            1 => {
                let corners = [x, y, x + 1.5, y + 20.0, x + 30.0, y + 18.0, x + 28.5, y - 2.0].to_vec();
                Geometry::RotatedBox(RotatedBox { corners, width: 28.5, height: 20.0, rotation: 0.0 })
            }
            2 => {
                let points = random.below(9);
                Geometry::Polygon(random.ring(points, SIZE.0, SIZE.1))
            }
            _ => {
                let count = 1 + random.below(4);
                let zones = (0..count).map(|_| {
                    let (points, holes) = (random.below(9), random.below(3) as usize);
                    Zone { region: random.ring(points, SIZE.0, SIZE.1), holes: rings(&mut random, holes, 6) }
                });
                Geometry::Segmentation(zones.collect())
            }
        });
    }
    let mut shape = Shape::new();
    let cases = geometries
        .iter()
        .flat_map(|geometry| {
            [("clip", Bounds::Clip, true), ("keep", Bounds::Keep, true), ("drop", Bounds::Drop, true), ("clip", Bounds::Clip, false)]
                .map(|(name, bounds, sized)| (geometry, name, bounds, sized))
        })
        .map(|(geometry, name, bounds, sized)| {
            let result = match shape.set(geometry, sized.then_some(SIZE), bounds) {
                Err(fault) => json!(fault.code()),
                Ok(()) => {
                    let rings: Vec<Value> = shape.rings().map(|(ring, hole)| json!([all_bits(ring), hole])).collect();
                    json!({
                        "rings": rings, "area": bits(shape.area()), "box": all_bits(&shape.bounding_box()), "clipped": shape.is_clipped(),
                        "dropped": shape.dropped_parts(), "parts": shape.parts(), "holes": shape.has_holes(),
                        "zones": shape.zones().map(|(_, holes)| holes.count()).collect::<Vec<_>>(),
                    })
                }
            };
            json!([described(geometry), name, sized, result])
        })
        .collect();
    check("shape.json", &[("shape", cases)]);
}
