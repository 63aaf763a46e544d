"""Puts records together."""

from .ontology import make_id, schema_id, titles

TITLES = titles()
MADE = {"createdAt": "2024-04-01T10:00:00.000Z", "createdBy": "ana@example.com", "createdIn": "Label"}


class Task:
    """A record with its one task. Ids come from its key, so that a change of one task changes no other."""

    def __init__(self, key, name, size=(160, 120), **record):
        self.key = key
        self.made = 0
        self.record = {
            "asset": record.pop("asset", None) or f"https://assets.example.com/{make_id('asset ' + key, 12)}?X-Amz-Expires=120000&X-Amz-Signature=a%2Fb",
            "assetId": make_id(f"asset {key}", 24),
            "externalId": name,
            "metadata": {"width": size[0], "height": size[1]} if size else {},
            "batches": ["north"],
            "task": {
                "taskId": make_id(f"task {key}", 24),
                "stage": "Complete",
                "stageId": "Complete",
                "updatedAt": "2024-05-01T12:00:00.000Z",
                "updatedBy": "reviewer@example.com",
                "totalDuration": 4000,
                "tools": [],
                "classifications": [],
                "relations": [],
                "brushDataUrl": None,
            },
        }
        self.record["metadata"].update(record.pop("metadata", {}))
        self.record.update(record)

    @property
    def task(self):
        return self.record["task"]

    def id(self):
        """The next id of this task."""
        self.made += 1
        return make_id(f"{self.key} {self.made}")

    def draw(self, key, shape, value, **more):
        """Adds an object of a class, and gives its id."""
        tool = {shape: value} if shape else {}
        tool |= {"objectId": more.pop("id", None) or self.id(), "schemaId": schema_id(key), "title": TITLES.get(key, key), "classifications": more.pop("answers", []), "metadata": MADE}
        if shape == "segmentation":
            # Hub never writes who drew a segmentation.
            del tool["metadata"]
        self.task["tools"].append(tool | more)
        return tool["objectId"]

    def box(self, key, x, y, width, height, **more):
        return self.draw(key, "bounding-box", {"x": x, "y": y, "width": width, "height": height}, **more)

    def polygon(self, key, *points, **more):
        return self.draw(key, "polygon", [list(point) for point in points], **more)

    def zones(self, key, *zones, **more):
        """A segmentation; a zone is its region and its holes."""
        parts = [{"region": list(map(list, region)), "holes": [list(map(list, hole)) for hole in holes]} for region, *holes in zones]
        return self.draw(key, "segmentation", {"zones": parts}, **more)

    def set(self, **task):
        self.task.update(task)
        return self

    def answers(self, *answers):
        self.task["classifications"].extend(answers)
        return self


def rectangle(x0, y0, x1, y1):
    """A ring, clockwise on screen."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def answered(asked, answer, *nested, **more):
    """An answer to a question of the ontology."""
    entry = {"objectId": make_id(f"answer {asked['schemaId']} {answer!r}"), "schemaId": asked["schemaId"], "tool": asked["tool"], "title": asked["title"]}
    return entry | {"answer": answer, "metadata": MADE, "classifications": list(nested)} | more
