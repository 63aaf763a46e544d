"""Writes the edge-case project.

    python tests/judges/edge DIR --assets http://127.0.0.1:8000/assets

DIR/project is a project folder, DIR/assets holds the files that it links to below the given address, and DIR/refused holds exports that must be refused.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from edge.write import write  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
parser.add_argument("folder", type=Path)
parser.add_argument("--assets", default="https://assets.example.com", help="address that the files in DIR/assets are served at")
args = parser.parse_args()
write(args.folder, args.assets)
