"""Runs the program as its users do."""

import functools
import json
import os
import resource
import subprocess
import zipfile
from pathlib import Path

# Archives of two runs are the same.
TIME = "2024-05-01T00:00:00Z"


def unlimited():
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


class Refused(Exception):
    """The program did not convert; with its exit code and its words."""

    def __init__(self, code, words):
        super().__init__(f"exit {code}: {words}")
        self.code = code


class Program:
    """The binary, a folder of components that are preferred to bundled plugins, and a configuration."""

    def __init__(self, binary, plugins=None, config=None, cache=None):
        self.binary, self.plugins, self.config, self.cache = Path(binary), plugins and Path(plugins), config, cache
        self.asking = {}

    def run(self, *args):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ANGO_EXPORT_")}
        if self.cache:
            environment["ANGO_EXPORT_CACHE"] = str(self.cache)
        extra = ["--config", str(self.config)] if self.config else []
        return subprocess.run([self.binary, *map(str, args), *extra], capture_output=True, text=True, env=environment, timeout=1800, preexec_fn=unlimited)

    def component(self, name):
        """The path of a component, or the name of a bundled plugin; `None` when there is neither."""
        for known in (f"{name}.wasm", f"ango_plugin_{name}.wasm"):
            if self.plugins and (self.plugins / known).exists():
                return self.plugins / known
        return name if name in self.bundled else None

    @functools.cached_property
    def bundled(self):
        return {line.split()[0] for line in self.run("plugin", "list").stdout.splitlines() if line.strip()}

    def asks(self, name):
        """Whether a plugin asks for assets."""
        if name not in self.asking:
            self.asking[name] = "asks for assets" in self.run("plugin", "inspect", self.component(name)).stdout
        return self.asking[name]

    def demo(self, folder):
        self.must(self.run("demo", folder, "--quiet"))
        return folder / "project"

    def must(self, done, codes=(0, 3)):
        if done.returncode not in codes:
            words = (done.stderr.strip().splitlines() or ["said nothing"])[0]
            raise Refused(done.returncode, words[:400])
        return done

    def export(self, project, folder):
        """The canonical export with everything in it."""
        self.must(self.run("export", "--project", project, "--storage", folder, "--all-stages", "--history", "--metadata", "--idle", "--exported-at", TIME, "--quiet"))
        return next(path for path in Path(folder).iterdir() if path.suffix == ".zip")

    def convert(self, export, project, name, options, to, extra=()):
        """Converts, unpacks, and gives the folder and the report."""
        plugin = self.component(name)
        args = ["convert", export, "--plugin", plugin, "--to", to, "--exported-at", TIME, "--quiet", *extra]
        if project:
            args += ["--project", project]
        if self.asks(name):
            args += ["--grant", f"{name}=assets"]
        for key, value in options.items():
            args += ["-o", f"{key}={value if isinstance(value, str) else json.dumps(value)}"]
        done = self.must(self.run(*args))
        report = json.loads(next(Path(to).glob("*.report.json")).read_text(encoding="utf-8"))
        if (done.returncode == 3) != bool(report["losses"]["total"]):
            raise Refused(done.returncode, f"the exit code does not say that there are {report['losses']['total']} losses")
        folder = Path(to) / "files"
        folder.mkdir()
        with zipfile.ZipFile(next(Path(to).glob("*.zip"))) as opened:
            if opened.testzip():
                raise Refused(0, f"{opened.testzip()}: a checksum is wrong")
            opened.extractall(folder)
        return folder, report
