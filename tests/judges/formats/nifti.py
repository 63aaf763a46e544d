"""NIfTI label volumes: nibabel reads voxels and geometry, which are those of the NRRD file that the brush was stored in."""

import json

import numpy

from edge.assets import volume
from harness.account import Verdict
from . import Run

RUNS = [Run("schema ids", {}, ("few", "edge", "demo")), Run("indices, not compressed", {"values": "index", "compress": False}, ("few",))]

# The header of the edge-case project's volume, with x and y turned: NRRD counts to the left and the back, NIfTI to the right and the front.
AFFINE = numpy.array([[-0.5, 0, 0, 30], [0, -0.75, 0, -12.5], [0, 0, 2, 100], [0, 0, 0, 1]])


def judge(run, folder, source, report):
    import nibabel

    verdict = Verdict(draws=set(), holds={"voxel brush", "voxels", "answers", "image answers"}, judges=["nibabel"])
    verdict.tasks = None
    rows = {}
    for path in folder.rglob("volumes.jsonl"):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                rows[row["task_id"]] = row
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.nii*")}
    named = {row["file"] for row in rows.values() if row.get("file")}
    verdict.check(named == set(files), f"volumes.jsonl and the volumes are not the same: {sorted(named ^ set(files))[:3]}")
    for task_id, row in rows.items():
        task = source.by_id.get(task_id)
        if not verdict.check(task is not None, f"row of task {task_id}, which there is not") or not row.get("file") or row["file"] not in files:
            continue
        loaded = nibabel.load(files[row["file"]])
        voxels = numpy.asarray(loaded.dataobj)
        where = row["file"]
        verdict.check(voxels.ndim == 3 and numpy.issubdtype(voxels.dtype, numpy.integer), f"{where}: {voxels.ndim} dimensions of {voxels.dtype}")
        if source.name in ("edge", "few"):
            expected = volume()
            verdict.check(voxels.shape == expected.shape and (voxels == expected).all(), f"{where}: other voxels than the NRRD file holds")
            if "liver" in where:
                verdict.check(numpy.allclose(loaded.affine, AFFINE), f"{where}: affine {loaded.affine.tolist()}, expected {AFFINE.tolist()}")
                verdict.check(nibabel.aff2axcodes(loaded.affine) == ("L", "P", "S"), f"{where}: axes {nibabel.aff2axcodes(loaded.affine)}")
                verdict.check(numpy.allclose(loaded.header.get_zooms(), (0.5, 0.75, 2)), f"{where}: voxels of {loaded.header.get_zooms()}")
            else:
                verdict.check(numpy.isfinite(loaded.affine).all() and numpy.linalg.det(loaded.affine) != 0, f"{where}: affine {loaded.affine.tolist()}")
        present = set(numpy.unique(voxels).tolist()) - {0}
        ids = {one["object_id"]: one for one in row["objects"]}
        for drawn in task.objects:
            if drawn.kind == "voxel-brush" and ids.get(drawn.id, {}).get("value") in present:
                verdict.kept[drawn.key] += 1
    return verdict
