#!/usr/bin/env python3
"""Draws the areas of an export with Pillow and with us, and says who is faster and where they differ.

    python tests/judges/pillow_raster.py EXPORT.ndjson[.gz] [--plugin MASK.wasm]
    cargo build --release -p ango-plugin-mask --example raster    # and with --native target/release/examples/raster also without the sandbox

Pillow is timed as it is used: a new picture for each image, a call of `ImageDraw.polygon` for each ring, a PNG file at the default level. Ours is a whole conversion in
the sandbox, reading the export included; `--native` is timed the same way as Pillow. Images of more than `--most` pixels are left out.
"""

import argparse
import gzip
import io
import json
import subprocess
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw

Image.MAX_IMAGE_PIXELS = None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--native", type=Path, help="the example `raster` of plugins/mask")
    parser.add_argument("--binary", type=Path, default=Path(__file__).resolve().parents[2] / "target" / "release" / "ango-export", help="ango-export")
    parser.add_argument("--plugin", default="mask", help="a component instead of the bundled one")
    parser.add_argument("--most", type=int, default=1 << 30, help="pixels of the largest image that is drawn")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of drawing; the fastest counts")
    return parser.parse_args()


def rings(tool):
    """Rings with whether each is a hole, of what is an area."""
    if "polygon" in tool:
        yield tool["polygon"], False
    for zone in (tool.get("segmentation") or {}).get("zones", []):
        yield zone["region"], False
        for hole in zone.get("holes", []):
            yield hole, True
    if "bounding-box" in tool:
        box = tool["bounding-box"]
        (x, y), (width, height) = (box["x"], box["y"]), (box["width"], box["height"])
        yield [[x, y], [x + width, y], [x + width, y + height], [x, y + height]], False
    if "rotated-bounding-box" in tool:
        yield tool["rotated-bounding-box"]["corners"], False


def read(path, most):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as lines:
        for line in lines:
            asset = json.loads(line)
            size = asset["metadata"].get("width"), asset["metadata"].get("height")
            if all(size) and size[0] * size[1] <= most:
                shapes = [[([tuple(point) for point in ring], hole) for ring, hole in rings(tool) if len(ring) > 2] for tool in asset["task"]["tools"]]
                yield line, size, [shape for shape in shapes if shape]


def draw(pictures, save):
    written = 0
    for _, size, shapes in pictures:
        image = Image.new("L", size)
        pen = ImageDraw.Draw(image)
        for value, shape in enumerate(shapes):
            for ring, hole in shape:
                pen.polygon(ring, fill=0 if hole else value % 255 + 1)
        if save:
            file = io.BytesIO()
            image.save(file, "PNG")
            written += file.tell()
    return written


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def main():
    args = arguments()
    pictures = list(read(args.export, args.most))
    pixels = sum(width * height for _, (width, height), _ in pictures)
    shapes = sum(len(shapes) for _, _, shapes in pictures)
    print(f"{len(pictures)} images of {pixels / 1e6:,.0f} megapixels, {shapes} shapes")
    rows = []
    seconds = min(timed(lambda: draw(pictures, False))[0] for _ in range(args.rounds))
    rows.append(("Pillow: drawn", seconds, ""))
    seconds, size = timed(lambda: draw(pictures, True))
    rows.append(("Pillow: drawn and written as PNG", seconds, f"{size / 1e6:.1f} MB"))
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        file.writelines(line if line.endswith("\n") else line + "\n" for line, _, _ in pictures)
        file.flush()
        if args.native:
            found = json.loads(subprocess.run([args.native, file.name], check=True, capture_output=True, text=True).stdout)
            rows.append(("ours, native: spans", found["spans"], f"{found['inside'] / 1e6:,.0f} megapixels inside"))
            rows.append(("ours, native: drawn into bytes", found["fill"], ""))
            rows.append(("ours, native: drawn and written as PNG", found["png"], f"{found['png_bytes'] / 1e6:.1f} MB"))
        command = [args.binary, "plugin", "bench", file.name, "--plugin", args.plugin, "--rounds", str(args.rounds), "-o", "images_csv=false"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        fields = next(line.split() for line in out.splitlines() if line.startswith("mask "))
        rows.append(("ours, in the sandbox: read, drawn and written", float(fields[1]), f"{fields[4]} fuel per byte, {fields[5]} MB"))
    for name, seconds, more in rows:
        print(f"{name:48} {seconds:8.3f} s {pixels / seconds / 1e6:12,.0f} megapixels/s  {more}")


if __name__ == "__main__":
    main()
