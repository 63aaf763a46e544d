"""GeoJSON for QuPath: read by its specification (RFC 7946) and by shapely, whose validity QuPath asks for."""

import json

from harness.geometry import repaired_tolerance, shoelace
from harness.reader import AREAS, Reader, box_of
from . import Run

RUNS = [Run("features"), Run("features, kept outside", {"outside": "keep"}, ("edge", "demo"))]


def judge(run, folder, source, report):
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    invalid = []
    reader = Reader(run, folder, source, report, AREAS | {"point", "polyline"}, {"outline", "holes", "parts", "rotation", "answers", "image answers"})
    verdict = reader.verdict
    verdict.judges.append("shapely")
    for path in reader.files("*.geojson"):
        where = reader.relative(path)
        data = json.loads(path.read_text(encoding="utf-8"))
        verdict.check(data["type"] == "FeatureCollection", f"{where}: is a {data['type']}")
        name = path.relative_to(folder).with_suffix("").as_posix()
        image = reader.image(next((known for known in (name, name.partition("/")[2]) if source.find(known)), name), where)
        for at, feature in enumerate(data["features"] if image else []):
            place, properties, drawn = f"{where}: feature {at}", feature["properties"], feature["geometry"]
            verdict.check(feature["type"] == "Feature" and properties.get("objectType") == "annotation", f"{place}: is no annotation")
            name = properties["classification"]["name"]
            colour = properties["classification"].get("color")
            verdict.check(colour is None or (len(colour) == 3 and all(0 <= part <= 255 for part in colour)), f"{place}: colour {colour}")
            kind, rings = drawn["type"], drawn["coordinates"]
            if kind in ("Point", "LineString"):
                reader.add(image, name, place, line=[tuple(rings)] if kind == "Point" else [tuple(point) for point in rings])
                continue
            polygons = [rings] if kind == "Polygon" else rings
            verdict.check(kind == "Polygon" or len(polygons) > 1, f"{place}: a MultiPolygon of one polygon, which QuPath's users stumble over")
            verdict.check(all(ring[0] == ring[-1] and len(ring) >= 4 for polygon in polygons for ring in polygon), f"{place}: a ring is not closed")
            area = sum(shoelace(polygon[0][:-1]) - sum(shoelace(hole[:-1]) for hole in polygon[1:]) for polygon in polygons)
            reader.add(image, name, place, box=box_of([point for polygon in polygons for point in polygon[0]]), area=area, id=None)
            if not shape(drawn).is_valid:
                invalid.append(f"{place}: {explain_validity(shape(drawn))}")
    verdict.check(not invalid, f"{len(invalid)} areas are not valid, and QuPath gives up the whole file for one: {'; '.join(invalid[:3])}")
    return reader.finish(1e-4, area_tolerance=repaired_tolerance)
