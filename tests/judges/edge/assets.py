"""The files that the edge-case project links to: images without a size, brush masks, label volumes, texts."""

import gzip
import io

import numpy
from PIL import Image

from .ontology import CLASSES, NUMBERED

# The texts hold characters outside of the basic plane, where UTF-16 and code points count differently.
TEXT = "Dr. Ana 👩‍⚕️ Núñez met Li in New York City 🗽, then left.\nShe flew to Łódź 🇵🇱 on 3/4.\n\n東京 is far; e\u0301 too."
PLAIN = "Anna lives in Berlin. Bob does not."

COLOURS = {key: colour for key, _, _, colour, _ in CLASSES}


def png(array, mode=None):
    """A PNG of an array."""
    out = io.BytesIO()
    Image.fromarray(array, mode).save(out, "PNG") if mode else Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def brush(width, height, traces):
    """A brush mask as Hub stores them: transparent, with painted pixels in the exact colour of their class. A trace is a class and a slice of rows and columns."""
    pixels = numpy.zeros((height, width, 4), numpy.uint8)
    for key, rows, columns in traces:
        pixels[rows, columns] = [*bytes.fromhex(COLOURS[key][1:]), 255]
    return pixels


def grass_and_road():
    pixels = brush(160, 120, [("grass", slice(60, 110), slice(10, 150)), ("road", slice(80, 100), slice(0, 160))])
    # A hole, and a stray pixel far from everything.
    pixels[64:72, 20:40] = 0
    pixels[3, 5] = [*bytes.fromhex(COLOURS["grass"][1:]), 255]
    return pixels


def unknown_colour():
    pixels = brush(160, 120, [("grass", slice(0, 10), slice(0, 10))])
    pixels[20:30, 20:30] = [1, 2, 3, 255]
    return pixels


def volume():
    """Labels by column, row and slice."""
    labels = numpy.zeros((12, 10, 6), numpy.uint8)
    labels[2:7, 3:6, 1:4] = int(NUMBERED["liver"])
    labels[4:6, 4:5, 2:3] = int(NUMBERED["tumour"])
    return labels


def nrrd(labels, header):
    """An NRRD file with compressed data; the first axis runs fastest."""
    lines = ["NRRD0004", "type: unsigned char", f"dimension: {labels.ndim}", "sizes: " + " ".join(map(str, labels.shape)), "encoding: gzip", *header]
    return ("\n".join(lines) + "\n\n").encode() + gzip.compress(labels.tobytes(order="F"), mtime=0)


GEOMETRY = [
    "space: left-posterior-superior",
    "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)",
    "kinds: domain domain domain",
    "endian: little",
    "space origin: (-30,12.5,100)",
]

SEGMENTS = [f"Segment{at}_{key}:={value}" for at, (name, label) in enumerate([("Liver", "1"), ("Tumour", "2")]) for key, value in [("ID", f"Segment_{at}"), ("LabelValue", label), ("Layer", "0"), ("Name", name)]]


def files():
    """Path below the address of the assets, and bytes."""
    blank = numpy.full((90, 130, 3), 200, numpy.uint8)
    return {
        "images/sized-by-the-host.png": png(blank),
        "brush/grass.png": png(grass_and_road()),
        "brush/unknown-colour.png": png(unknown_colour()),
        "brush/other-size.png": png(brush(50, 40, [("road", slice(0, 20), slice(0, 20))])),
        "brush/empty.png": png(brush(160, 120, [])),
        "brush/not-an-image.png": b"<html>expired</html>",
        "volumes/liver.seg.nrrd": nrrd(volume(), GEOMETRY + SEGMENTS),
        "volumes/bare.seg.nrrd": nrrd(volume(), []),
        "volumes/cut.seg.nrrd": nrrd(volume(), GEOMETRY)[:-20],
        "texts/emoji.txt": TEXT.encode(),
        "texts/plain.txt": PLAIN.encode(),
    }
