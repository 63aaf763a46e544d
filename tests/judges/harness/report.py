"""The report of a conversion: what it says is lost."""

from collections import Counter, defaultdict

# The object, or all of the task when no object is named, is not in the output.
ABSENT = {
    "class-unmapped", "class-excluded", "geometry-unsupported", "coordinates-unusable", "too-few-points", "zero-area", "out-of-bounds", "hole-unsupported", "voxel-brush-unsupported",
    "voxel-brush-unreadable", "below-min-area", "duplicate", "video-unsupported", "multi-page-unsupported", "mask-too-large", "size-missing", "image-empty", "stage-missing", 
    "not-a-video", "no-pixels", "object-covered", "too-many-instances", "mask-id-too-large", "label-unusable", "image-too-small", "batch-excluded", "task-excluded",
    "keypoint-ambiguous", "keypoint-unassigned", "keypoint-repeated", "keypoint-absent", "shape-changed", "self-intersection-dropped", "not-a-text", "link-unsupported", "text-missing", "entity-empty", "entity-mismatch", "entity-overlap", "page-left-out", "frame-beyond-end", "asset-unsupported",
}

# Of formats with several files: it is in one and not in the other.
PARTLY = {"no-pixels", "object-covered"}

# It is there, but not as it was drawn; or it is no object: an answer, a relation, a visit of a stage, a name.
CHANGED = {
    "clipped", "part-dropped", "hole-bridged", "hole-filled", "parts-bridged", "parts-split", "parts-merged", "rotation-dropped", "shape-reduced-to-box", "spline-straightened", "self-intersection-repaired", "self-intersection-kept",
    "box-from-points", "keypoint-guessed", "overlap-cut", "track-gap", "classification-unsupported", "relation-unsupported", "brush-unsupported",
    "brush-color-unknown", "overlay-unsupported", "voxels-hidden", "label-undescribed", "label-undeclared", "label-unnamed", "geometry-assumed", "file-name-changed", "name-changed", "size-assumed",
    "frame-count-assumed", "frame-count-exceeded", "frame-rate-assumed", "frame-rate-rounded", "ocr-unsupported", "join-ambiguous", "formula-escaped", "newlines-changed", "entity-offset-unit", "entity-trimmed",
    "entity-splits-token", "entity-relocated", "relation-name-dropped", "relation-member-missing", "relation-split", "instances-merged", "size-differs", "text-changed", "words-estimated", "frames-left-out", "history-missing", "issues-missing", "visit-excluded",
}


class Report:
    """Losses by code, and by what they are of."""

    def __init__(self, raw):
        self.raw = raw
        self.codes = {entry["code"]: entry["count"] for entry in raw["losses"]["codes"]}
        # Only the first of each code are told one by one.
        self.told = {entry["code"]: len(entry["examples"]) for entry in raw["losses"]["codes"]}
        self.of_object, self.of_task = defaultdict(list), defaultdict(list)
        self.details = Counter()
        for entry in raw["losses"]["codes"]:
            for example in entry["examples"]:
                place = self.of_task[example["task"]] if example["object"] is None else self.of_object[example["task"], example["object"]]
                place.append(entry["code"])
                self.details[entry["code"], example["detail"]] += 1

    @property
    def is_complete(self):
        return self.codes == self.told

    @property
    def options(self):
        return self.raw["plugin"]["options"]

    def absent(self, task, object_id):
        """Codes that say of an object itself that it is not there."""
        return [code for code in self.of_object.get((task, object_id), ()) if code in ABSENT]

    def absent_task(self, task):
        return [code for code in self.of_task.get(task, ()) if code in ABSENT]

    def says(self, task, object_id, codes):
        """Whether something is said of an object, or of its task, by one of the codes."""
        return any(code in codes for code in (*self.of_object.get((task, object_id), ()), *self.of_task.get(task, ())))

    @property
    def unknown_codes(self):
        return sorted(code for code in self.codes if code not in ABSENT and code not in CHANGED)
