"""File names derived from what assets were called at import."""

from __future__ import annotations

from .portable import same_file_key, sanitise, split_extension


class Names:
    """Gives out `Asset.file_name`s: portable, and unique also without extension and ignoring case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, external_id: str, task_id: str) -> str:
        """The file name of the next asset. The first asset of a name keeps it; a later one gets its task id appended to the stem."""
        flat_id = sanitise(task_id.replace("/", "_"))
        clean = sanitise(external_id) or flat_id or "_"
        if self._take(clean):
            return clean
        stem, extension = split_extension(clean)
        tries = 1
        while True:
            name = f"{stem}-{flat_id[:40]}{'' if tries == 1 else f'-{tries}'}{extension}"
            if self._take(name):
                return name
            tries += 1

    def _take(self, name: str) -> bool:
        key = same_file_key(split_extension(name)[0])
        if key in self._taken:
            return False
        self._taken.add(key)
        return True
