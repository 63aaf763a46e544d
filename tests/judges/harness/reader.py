"""What judges of formats of images do alike: find the task of a file, collect rows, match them."""

import numpy

from .account import Verdict
from .match import Row, match
from .tools import place_image

AREAS = {"bounding-box", "rotated-bounding-box", "polygon", "segmentation"}


class Reader:
    """Collects what is in an output."""

    def __init__(self, run, folder, source, report, draws=AREAS, holds=()):
        self.run, self.folder, self.source, self.report = run, folder, source, report
        outside = run.options.get("outside", "clip")
        self.verdict = Verdict(draws=set(draws) if outside != "drop" else set(), holds=set(holds), clips=outside != "keep", tasks=set(), judges=["own reader"])
        self.rows, self.images, self.pictures = [], {}, {}

    def image(self, path, where, size=None):
        """The task and the page of an image that is in the output, by its path; `None` (and a fault) when there is none."""
        found = self.source.find(path)
        if not self.verdict.check(found is not None, f"{where}: {path[:80]!r} is of no task"):
            return None
        task, page = found
        self.verdict.check((task.index, page) not in self.images, f"{where}: {path[:80]!r} is there twice")
        self.images[task.index, page] = path
        self.verdict.tasks.add(task.index)
        if size is not None and task.size:
            self.verdict.check(tuple(size) == tuple(task.size), f"{where}: the size is {size}, in the source {task.size}")
        return found

    def add(self, image, name, where, **what):
        """An object of an image."""
        self.rows.append(Row(image[0], name, page=image[1], where=where, **what))

    def add_mask(self, image, name, where, mask):
        """An object as the pixels that it covers."""
        ys, xs = numpy.nonzero(mask)
        if self.verdict.check(len(xs), f"{where}: the mask is empty"):
            box = (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
            self.add(image, name, where, box=box, mask=mask, rounded=1.01)

    def place(self):
        """Draws an image of the right size at each place in `pictures`, for readers that look at images."""
        for path, size in self.pictures.items():
            if size:
                place_image(path, size)

    def finish(self, tolerance, images=True, **how):
        """Matches all rows. With `images`, each page and frame must be there."""
        how.setdefault("clip", self.verdict.clips)
        match(self.source, self.verdict, self.report, self.rows, tolerance, **how)
        if images and self.run.options.get("empty") != "drop":
            per_task = {}
            for index, page in self.images:
                per_task[index] = per_task.get(index, 0) + 1
            for index, count in per_task.items():
                want = self.source.tasks[index].image_count
                self.verdict.check(count == want, f"{count} of {want} images of task {index} are there")
        return self.verdict

    def files(self, pattern):
        return sorted(self.folder.rglob(pattern))

    def relative(self, path):
        return path.relative_to(self.folder).as_posix()


def box_of(points):
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys), max(xs), max(ys))
