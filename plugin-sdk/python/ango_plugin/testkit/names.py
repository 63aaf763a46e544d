"""File names derived from what assets were called at import."""

from __future__ import annotations

import re

from .portable import same_file_key, sanitise, split_extension


class Names:
    """Gives out `Asset.file_name`s as the host does: portable, and unique also without extension and ignoring case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, external_id: str, url: str, task_id: str) -> str:
        """The file name of the next asset: what its external id suggests; failing that, its link, and at last its task id.

        The first asset of a name keeps it; a later one gets its task id appended to the stem.
        """
        clean = sanitise(external_id) or sanitise(re.split("[?#]", url, maxsplit=1)[0].rpartition("/")[2]) or sanitise(f"task-{task_id}")
        stem, extension = split_extension(clean)
        if self._take(stem):
            return clean
        flat_id = re.sub("[^0-9A-Za-z]", "", task_id)[:32]
        tries = 1
        while True:
            unique = f"{stem}-{flat_id}{'' if tries == 1 else f'-{tries}'}"
            if self._take(unique):
                return unique + extension
            tries += 1

    def _take(self, stem: str) -> bool:
        key = same_file_key(stem)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True
