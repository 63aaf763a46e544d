"""What the host calls an asset in converted exports: portable, and unique also without extension and without case (contract, `asset.file-name`).

Written anew, so that a judge can tell which image a file is of.
"""

import unicodedata

MAX_STEM, MAX_PATH = 180, 600
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{name}{digit}" for name in ("com", "lpt") for digit in "123456789¹²³"}


def split_suffix(path):
    """A path without the last suffix of its name, and that suffix with its dot. That of a compressed volume has two dots."""
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if suffix.lower() == "gz" and stem.lower().endswith(".nii") and len(stem) > 4:
        stem, suffix = stem[:-4], stem[-3:] + dot + suffix
    return (folder + slash + stem, dot + suffix) if dot and stem else (path, "")


def is_forbidden(letter):
    # Besides what systems refuse: marks that turn the writing direction, and line breaks that are no control characters.
    turning = letter in "\u061c\u200e\u200f" or "\u2028" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"
    return unicodedata.category(letter) == "Cc" or turning or letter in "\\:<>\"|?*/"


def size(text):
    return len(text.encode())


def shorten(name):
    if size(name) <= MAX_STEM:
        return name
    stem, suffix = split_suffix(name)
    suffix = suffix if size(suffix) <= 16 else ""
    return stem.encode()[: MAX_STEM - size(suffix)].decode(errors="ignore").rstrip(". ") + suffix


def clean(text):
    """A relative path that is safe on every system; empty when nothing is left."""
    names = []
    for part in text.replace("\\", "/").split("/"):
        name = "".join("_" if is_forbidden(letter) else letter for letter in part)
        if name in ("", ".", ".."):
            continue
        if name != name.rstrip(". "):
            name = name.rstrip(". ") + "_"
        name = shorten(name)
        if not name or name.split(".")[0].rstrip().lower() in RESERVED:
            name = "_" + name
        names.append(name)
    # Of a very long path the end tells most.
    kept, length = [], 0
    for name in reversed(names):
        length += size(name) + 1
        if length > MAX_PATH:
            break
        kept.insert(0, name)
    return "/".join(kept)


def flat(path):
    """A path as one name, as option `names=flat` has it: `a/b/1.jpg` is `a__b__1.jpg`, and underscores that could be mistaken are escaped. One that is too long is cut by a mark that is not known here."""
    names = path.split("/")
    folded = len(names) > 1
    unsure = any("__" in name or (folded and (name[:1] == "_" or name[-1:] == "_")) for name in names) or any(mark in path.lower() for mark in ("%5f", "%25"))
    if unsure:
        path = path.replace("%", "%25").replace("_", "%5F")
    return path.replace("/", "__")


class Names:
    """Gives names in the order of the export: the first of a name keeps it, a later one gets its task's id."""

    def __init__(self):
        self.taken = set()

    def take(self, stem):
        # Letter by letter: what is capital at the end of a word has another small form there.
        capital = unicodedata.normalize("NFC", stem).upper()
        key = unicodedata.normalize("NFC", "".join(letter.lower() for letter in capital))
        if key in self.taken:
            return False
        self.taken.add(key)
        return True

    def name(self, external_id, url, task_id):
        name = clean(external_id) or clean(url.split("?")[0].split("#")[0].rpartition("/")[2]) or clean(f"task-{task_id}")
        stem, suffix = split_suffix(name)
        task = "".join(letter for letter in task_id if letter.isascii() and letter.isalnum())[:32]
        unique, tries = stem, 1
        while not self.take(unique):
            unique = f"{stem}-{task}{'' if tries == 1 else f'-{tries}'}"
            tries += 1
        return unique + suffix
