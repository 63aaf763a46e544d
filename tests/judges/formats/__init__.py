"""The judges, one file for each format.

Each has `RUNS`, the sets of options that it is judged with, and `judge(run, folder, source, report)`, which reads what came out and says what is there.
"""

from dataclasses import dataclass, field


@dataclass
class Run:
    """A set of options, what to call it, and the inputs it is for."""

    name: str
    options: dict = field(default_factory=dict)
    inputs: tuple = ("edge", "demo", "taco")
