#!/usr/bin/env python3
"""Converts an edge-case project, the demo and TACO with every plugin, and lets independent readers judge what comes out.

    python tests/judges/run.py --binary target/release/ango-export [--plugins FOLDER_OF_WASM] [--only coco] [--all] [--json]

Prints a table: format, options, input, judges, files, objects in and out, losses by code, verdict. Ends with 1 at any fault.
"""

import argparse
import importlib
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from edge.write import write as write_edge  # noqa: E402
from harness.account import Verdict, account, written  # noqa: E402
from harness.program import Program, Refused  # noqa: E402
from harness.report import Report  # noqa: E402
from harness.server import Server  # noqa: E402
from harness.source import Source  # noqa: E402

MEMORY = 12 << 30
FORMATS = sorted(path.stem for path in (HERE / "formats").glob("*.py") if not path.stem.startswith("_") and "_" not in path.stem)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=HERE.parents[1] / "target" / "release" / "ango-export")
    parser.add_argument("--plugins", type=Path, help="folder of components (NAME.wasm), preferred to bundled plugins")
    parser.add_argument("--only", action="append", default=[], metavar="FORMAT", help="judge this format; can be given several times")
    parser.add_argument("--except", action="append", default=[], dest="left_out", metavar="FORMAT", help="do not judge this format; can be given several times")
    parser.add_argument("--input", action="append", default=[], choices=("edge", "few", "demo", "taco"), help="use this input; can be given several times")
    parser.add_argument("--taco", type=Path, default=os.environ.get("ANGO_TACO"), help="taco-v3.ndjson.gz; left out when it is not there [env: ANGO_TACO]")
    parser.add_argument("--all", action="store_true", help="also the heavy judges: ultralytics, datumaro, torchvision (requirements-all.txt)")
    parser.add_argument("--json", action="store_true", help="one JSON object for each row instead of a table")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this folder and leave everything there")
    parser.add_argument("--all-faults", action="store_true", help="print every fault, not the first ten of each row")
    return parser.parse_args()


def inputs(args, program, folder):
    """The sources, by name: the canonical export of the edge-case project and of the demo, and TACO."""
    server = Server(folder / "edge" / "assets")
    write_edge(folder / "edge", server.base)
    config = folder / "ango-export.toml"
    config.write_text(f"[assets]\nallow = [\"{server.base}/\"]\nallow-private = true\n", encoding="utf-8")
    program.config = config
    measured = {f"{server.base}/images/sized-by-the-host.png": (130, 90)}
    wanted = args.input or ["edge", "few", "demo", "taco"]
    found = {}
    if "edge" in wanted or "few" in wanted:
        project = folder / "edge" / "project"
        edge = Source("edge", program.export(project, folder / "edge" / "export"), project, measured.get)
        found["edge"] = edge
        # Of formats that hold little of it, so many losses are told that not each is told by itself: for these, without what is drawn most.
        many = {task.index for task in edge.tasks if len(task.objects) > 8 and task.is_image and not any(one.kind in ("ner", "pdf") for one in task.objects)} | set(range(20, 58)) | {task.index for task in edge.tasks if task.frames and task.is_video}
        few = folder / "edge" / "few.ndjson"
        few.write_text("".join(json.dumps(task.raw, ensure_ascii=False) + "\n" for task in edge.tasks if task.index not in many), encoding="utf-8")
        found["few"] = Source("few", few, project, measured.get)
        found = {name: source for name, source in found.items() if name in wanted}
    if "demo" in wanted:
        project = program.demo(folder / "demo")
        found["demo"] = Source("demo", program.export(project, folder / "demo" / "all"), project)
    if "taco" in wanted:
        if args.taco and Path(args.taco).exists():
            found["taco"] = Source("taco", args.taco)
        else:
            print("TACO is not here (--taco): it is left out", file=sys.stderr)
    return found


def refused(program, folder):
    """Exports with numbers that are none: each must end with exit code 5."""
    faults = []
    for path in sorted((folder / "edge" / "refused").iterdir()):
        done = program.run("convert", path, "--plugin", "coco", "--to", folder / "refused" / path.stem, "--quiet")
        if done.returncode != 5:
            faults.append(f"{path.name}: exit {done.returncode} instead of 5")
    return faults


def conversion(program, source, name, module, run, folder):
    """One row of the table."""
    row = {"format": name, "options": run.name, "input": source.name, "judges": [], "files": 0, "in": 0, "out": 0, "absent": 0, "losses": {}, "faults": [], "notes": []}
    try:
        files, raw = program.convert(source.export, source.project_folder, name, run.options, folder)
    except Refused as refusal:
        row["faults"].append(str(refusal))
        return row
    report = Report(raw)
    row["files"], row["losses"] = sum(1 for path in files.rglob("*") if path.is_file()), report.codes
    try:
        verdict = module.judge(run, files, source, report)
    except Exception as error:  # noqa: BLE001
        verdict = Verdict()
        at = error.__traceback__
        while at.tb_next:
            at = at.tb_next
        verdict.faults.append(f"the judge fell over the output: {type(error).__name__}: {str(error)[:300]} ({Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno})")
    faults, row["in"], row["out"], row["absent"] = account(source, verdict, report)
    row["judges"] = list(dict.fromkeys(verdict.judges))
    row["faults"], row["notes"] = verdict.faults + faults + written(source, verdict, files, report), verdict.notes
    return row


def show(row, all_faults):
    losses = " ".join(f"{code}:{count}" for code, count in row["losses"].items()) or "-"
    verdict = "ok" if not row["faults"] else f"FAULT ({len(row['faults'])})"
    print(f"{row['format']:<12} {row['options']:<30} {row['input']:<5} {row['files']:>6} {row['in']:>6} {row['out']:>6} {row['absent']:>6}  {verdict:<11} {', '.join(row['judges'])}\n{'':<12} {losses}")
    shown = row["faults"] if all_faults else row["faults"][:10]
    for fault in shown:
        print(f"{'':<12}   fault: {fault}")
    if len(shown) < len(row["faults"]):
        print(f"{'':<12}   ... and {len(row['faults']) - len(shown)} more")
    for note in row["notes"]:
        print(f"{'':<12}   note: {note}")


def main():
    args = arguments()
    # A judge that takes all memory is better stopped than the machine. What it starts (the sandbox reserves addresses without using them) has the old limit.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    os.environ["ANGO_JUDGES_ALL"] = "1" if args.all else ""
    with tempfile.TemporaryDirectory() as made:
        folder = args.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        program = Program(args.binary.resolve(), args.plugins)
        sources = inputs(args, program, folder)
        faults = refused(program, folder)
        for fault in faults:
            print(f"fault: {fault}")
        if not args.json:
            print(f"{'format':<12} {'options':<30} {'input':<5} {'files':>6} {'in':>6} {'out':>6} {'absent':>6}  {'verdict':<11} judges")
        bad = len(faults)
        for name in [name for name in args.only or FORMATS if name not in args.left_out]:
            module = importlib.import_module(f"formats.{name}")
            if not program.component(name):
                print(f"{name:<12} there is no such plugin: left out", file=sys.stderr)
                continue
            for at, run in enumerate(module.RUNS):
                for source in sources.values():
                    if source.name not in run.inputs:
                        continue
                    started = time.monotonic()
                    row = conversion(program, source, name, module, run, folder / f"{name}-{at}-{source.name}")
                    row["seconds"] = round(time.monotonic() - started, 2)
                    bad += bool(row["faults"])
                    print(json.dumps(row, ensure_ascii=False)) if args.json else show(row, args.all_faults)
                    sys.stdout.flush()
    if not args.json:
        print("no fault" if not bad else f"{bad} rows with faults")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
