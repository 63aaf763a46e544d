"""Other people's programs as judges: panlabel and hotcoco by their commands, the others as libraries."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from .match import Row

BIN = Path(sys.executable).parent


class ToolFault(Exception):
    """What a judge had against the output."""


def command(name, *args):
    done = subprocess.run([BIN / name, *map(str, args)], capture_output=True, text=True, timeout=900)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        # Of a traceback the last line says it.
        words = words[-1:] if any(line.startswith("Traceback") for line in words) else words
        raise ToolFault(f"{name} {args[0]}: exit {done.returncode}: {' '.join(words)[:300]}")
    return done.stdout


def hotcoco_check(path):
    """hotcoco's health check; errors are faults, warnings are not."""
    found = json.loads(command("coco", "healthcheck", path, "--json"))
    return found


def hotcoco_back(form, folder, images=None):
    """COCO as hotcoco makes it of another format."""
    with tempfile.TemporaryDirectory() as made:
        to = Path(made) / "back.json"
        extra = ["--images-dir", images] if images else []
        command("coco", "convert", "--from", form, "--to", "coco", "--input", folder, "--output", to, *extra)
        return json.loads(to.read_text(encoding="utf-8"))


def panlabel_check(form, path, ignore=()):
    """panlabel's validation: no errors, and no warnings but those named."""
    done = subprocess.run([BIN / "panlabel", "validate", "--format", form, "--output-format", "json", str(path)], capture_output=True, text=True, timeout=900)
    try:
        found = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise ToolFault(f"panlabel validate: {(done.stderr or done.stdout).strip()[:300]}") from None
    issues = [issue for issue in found["issues"] if issue["severity"].lower() == "error" or issue["code"] not in ignore]
    if issues:
        raise ToolFault(f"panlabel validate: {len(issues)} findings, the first: {issues[0]['code']} {issues[0].get('context', '')}: {issues[0]['message']}")
    return found


def panlabel_read(form, path, *extra):
    """A data set as panlabel reads it: images, and boxes with the names of their classes."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "ir.json"
        command("panlabel", "convert", "--from", form, "--to", "ir-json", "--input", path, "--output", to, "--allow-lossy", "--no-validate", *extra)
        return json.loads(to.read_text(encoding="utf-8"))


def panlabel_rows(form, path, find, where, *extra):
    """Rows of boxes by panlabel, and the images that it found as tasks with pages. `find` finds the task and the page of a file name."""
    found = panlabel_read(form, path, *extra)
    names = {category["id"]: category["name"] for category in found["categories"]}
    images = {image["id"]: find(image["file_name"]) for image in found["images"]}
    unknown = [image["file_name"] for image in found["images"] if images[image["id"]] is None]
    if unknown:
        raise ToolFault(f"panlabel finds an image {unknown[0]!r} that is of no task")
    rows = []
    for at, one in enumerate(found["annotations"]):
        box = tuple(one["bbox"][edge] for edge in ("xmin", "ymin", "xmax", "ymax"))
        task, page = images[one["image_id"]]
        rows.append(Row(task, names[one["category_id"]], box, page=page, where=f"{where}, row {at} as panlabel reads it"))
    return rows, list(images.values())


def panlabel_agrees(form, path, find, rows, tolerance, *extra, names=None):
    """panlabel reads the same boxes, of the same classes, on the same images as our own reader."""
    found, _ = panlabel_rows(form, path, find, form, *extra)
    same_boxes("panlabel", found, rows, tolerance, names)


def same_boxes(who, found, rows, tolerance, names=None):
    """Two lists of rows have the same boxes, in whatever order."""
    if len(found) != len(rows):
        raise ToolFault(f"{who} reads {len(found)} of {len(rows)} objects")
    key = lambda row: (row.task.index, row.page or 0)
    left = {}
    for row in rows:
        left.setdefault(key(row), []).append(row)
    for row in found:
        near = [one for one in left.get(key(row), []) if (row.name is None or str(one.name).strip() == str(row.name).strip()) and max(abs(a - b) for a, b in zip(one.box, row.box)) <= tolerance]
        if not near:
            raise ToolFault(f"{who} reads {row.name!r} {tuple(round(edge, 3) for edge in row.box)} on an image of task {row.task.index}, which is not what is written")
        left[key(row)].remove(near[0])


def datumaro_agrees(form, folder, images, objects, prepare=None):
    """datumaro imports a data set with as many images and objects; `prepare` makes of a copy of it what datumaro looks for."""
    import shutil

    with tempfile.TemporaryDirectory() as made, silence():
        import datumaro

        copy = Path(made) / "data"
        shutil.copytree(folder, copy)
        if prepare:
            prepare(copy)
        try:
            # Parts of a data set may hold the same images.
            items = list({item.id: item for item in datumaro.Dataset.import_from(str(copy), form)}.values())
        except Exception as error:  # noqa: BLE001
            while error.__cause__:
                error = error.__cause__
            raise ToolFault(f"datumaro: {type(error).__name__}: {error}") from None
    found = sum(1 for item in items for one in item.annotations if one.type.name not in ("label", "caption"))
    if len(items) != images or found != objects:
        raise ToolFault(f"datumaro imports {len(items)} of {images} images and {found} of {objects} objects")


@contextlib.contextmanager
def silence():
    """Without what libraries print."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def place_image(path, size):
    """An image of one colour where a reader looks for one."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP"}.get(path.suffix.lower(), "PNG")
    Image.new("L", tuple(size), 128).save(path, kind)
