"""Entities: spaCy finds each span at tokens of a blank model, CoNLL has one tag for each token and every entity's text; offsets count code points."""

import json
import re

from edge.assets import PLAIN, TEXT
from harness.account import Verdict
from . import Run

# In JSON lines the entity is there, and its place is not.
THERE = {"entity-mismatch", "entity-empty"}

RUNS = [
    Run("JSON lines", {}, ("few", "demo")),
    Run("spaCy", {"format": "spacy"}, ("few",)),
    Run("spaCy, spans", {"format": "spacy", "spans": True}, ("few",)),
    Run("CoNLL, IOB2", {"format": "conll"}, ("few",)),
    Run("CoNLL, BIOES, by sentence", {"format": "conll", "scheme": "bioes", "sentences": "unicode"}, ("few",)),
    Run("CoNLL, IOB1", {"format": "conll", "scheme": "iob1"}, ("few",)),
]

TEXTS = {"texts/emoji.txt": TEXT, "texts/points.txt": TEXT, "texts/plain.txt": PLAIN}


def judge(run, folder, source, report):
    verdict = Verdict(holds=set(), tasks=None)
    form = run.options.get("format", "jsonl")
    if form == "jsonl":
        verdict.judges.append("own reader")
        verdict.holds |= {"answers", "image answers", "relations"}
        verdict.there = THERE
        lines(verdict, folder, source)
    elif form == "spacy":
        if run.options.get("spans"):
            verdict.there = {"entity-overlap"}
        spacy(verdict, folder, source, run)
    else:
        conll(verdict, folder, source, run.options.get("scheme", "iob2"))
    return verdict


def spans(task):
    """Entities of a task with their places in its text, in code points, without white space at their ends."""
    text = TEXTS.get(task.file_name)
    for one in task.objects:
        if one.kind != "ner" or text is None:
            continue
        chosen = one.raw["ner"].get("selection")
        start = one.raw["ner"]["start"]
        if chosen is None:
            chosen = text[int(start) : int(one.raw["ner"]["end"])]
        if not chosen.strip() or chosen not in text:
            continue
        # Of several places the one that the offsets mean, in UTF-16 or in code points.
        units = text.encode("utf-16-le")
        places = [match.start() for match in re.finditer(re.escape(chosen), text)]
        meant = [at for at in places if len(text[:at].encode("utf-16-le")) // 2 == start] if task.file_name != "texts/points.txt" else [at for at in places if at == start]
        if not meant or len(units) // 2 < start:
            continue
        at = meant[0] + len(chosen) - len(chosen.lstrip())
        yield one, at, at + len(chosen.strip())


def lines(verdict, folder, source):
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            row = json.loads(line)
            task = source.by_id.get(row["task_id"])
            if not verdict.check(task is not None, f"{row['task_id']} is no task"):
                continue
            text = TEXTS.get(task.file_name) if source.name != "demo" else None
            verdict.check(row["text"] == text or text is None, f"{task.file_name}: the text is another")
            wanted = {one.id: (start, end) for one, start, end in spans(task)}
            for entity in row["entities"]:
                one = next((one for one in task.objects if one.id == entity["id"]), None)
                if not verdict.check(one is not None and one.kind == "ner", f"{task.file_name}: entity {entity['id']} is none of the source"):
                    continue
                verdict.kept[one.key] += 1
                verdict.check(entity["label"] == source.classes[one.schema_id], f"{task.file_name}: label {entity['label']!r}")
                if one.id in wanted:
                    verdict.check((entity["start"], entity["end"]) == wanted[one.id], f"{task.file_name}: {entity['label']} from {entity['start']} to {entity['end']}, in the text {wanted[one.id]}")
                    verdict.check(text[entity["start"] : entity["end"]] == entity["text"], f"{task.file_name}: {entity['text']!r} is not what is there")
            verdict.check(len(row["relations"]) == len(task.relations), f"{task.file_name}: {len(row['relations'])} of {len(task.relations)} relations")


def spacy(verdict, folder, source, run):
    import spacy
    from spacy.tokens import Doc
    from spacy.training import Example

    verdict.judges.append("spaCy")
    model = spacy.blank("en")
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            row = json.loads(line)
            task = next((task for task in source.tasks if task.id == row["meta"]["task_id"]), None)
            if not verdict.check(task is not None and row["text"] == TEXTS.get(task.file_name), f"{row['meta']}: the text is another"):
                continue
            found = row["spans"]["sc"] if run.options.get("spans") else row["entities"]
            ends = 0
            for start, end, _ in sorted(row["entities"]):
                verdict.check(start >= ends, f"{task.file_name}: entities overlap at {start}, which spaCy refuses")
                ends = end
            left = {(one.id, start, end): one for one, start, end in spans(task)}
            for start, end, label in found:
                key = next((key for key, one in left.items() if key[1:] == (start, end) and source.classes[one.schema_id] == label), None)
                if verdict.check(key is not None, f"{task.file_name}: {label} from {start} to {end} ({row['text'][start:end]!r}) is no entity of the source"):
                    verdict.kept[left.pop(key).key] += 1
            # As training does: entities at the borders of tokens, or a token is none that is learned from.
            document = model.make_doc(row["text"])
            aligned = [document.char_span(start, end, label=label) for start, end, label in row["entities"]]
            unaligned = [row["text"][start:end] for (start, end, _), span in zip(row["entities"], aligned) if span is None]
            split = {one.id for one, _, _ in spans(task)}
            verdict.notes += [f"{task.file_name}: spaCy's tokens do not end at {unaligned}"] if unaligned else []
            Example.from_dict(document, {"entities": [tuple(entity) for entity, span in zip(row["entities"], aligned) if span is not None]})
            verdict.check(len(unaligned) <= len(split) // 4, f"{task.file_name}: spaCy finds {len(aligned) - len(unaligned)} of {len(aligned)} entities")


def conll(verdict, folder, source, scheme):
    verdict.judges.append("own reader")
    documents = []
    for path in sorted(folder.rglob("*.conll")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line == "-DOCSTART- -X- O O":
                documents.append([[]])
            elif not line:
                if documents:
                    documents[-1].append([])
            else:
                fields = line.split(" ")
                if verdict.check(len(fields) == 4 and documents, f"a line of {len(fields)} columns: {line[:60]!r}"):
                    documents[-1][-1].append((fields[0], fields[3]))
    texts = [task for task in source.tasks if task.file_name in TEXTS]
    verdict.check(len(documents) == len(texts), f"{len(documents)} documents of {len(texts)} texts")
    for task, document in zip(texts, documents):
        joined = "".join(token for sentence in document for token, _ in sentence)
        verdict.check(joined == re.sub(r"\s", "", TEXTS[task.file_name]), f"{task.file_name}: tokens are not the text")
        left = {(re.sub(r"\s", "", TEXTS[task.file_name][:start]), one.id): (one, start, end) for one, start, end in spans(task)}
        for before, name, label in entities(verdict, document, scheme):
            key = next((key for key, (one, start, end) in left.items() if key[0] == before and re.sub(r"\s", "", TEXTS[task.file_name][start:end]) == name and source.classes[one.schema_id] == label), None)
            if verdict.check(key is not None, f"{task.file_name}: {label} {name!r} is no entity of the source"):
                verdict.kept[left.pop(key)[0].key] += 1


def entities(verdict, document, scheme):
    """Text before, text and label of each entity, by the rules of a scheme."""
    before = ""
    for sentence in document:
        current, last = None, "O"
        for token, tag in sentence:
            mark, _, label = tag.partition("-")
            verdict.check(mark in {"iob2": "BIO", "iob1": "BIO", "bioes": "BIOES", "bilou": "BILOU"}[scheme], f"tag {tag!r} in {scheme}")
            starts = mark in "BSU" or (scheme == "iob1" and mark == "I" and (last == "O" or last.partition("-")[2] != label))
            if mark == "O" or starts:
                if current:
                    yield tuple(current)
                current = [before, "", label] if starts else None
            if mark != "O":
                verdict.check(current is not None and current[2] == label, f"tag {tag!r} follows {last!r}")
                if current:
                    current[1] += token
            before, last = before + token, tag
        if current:
            yield tuple(current)
