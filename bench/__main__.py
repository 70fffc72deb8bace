"""Runs all parts, each in a process of its own, and prints one Markdown table."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from bench.rows import Row

PARTS = (
    "start",
    "direct",
    "published",
    *(f"at_once {noise} {size}" for noise in ("desk", "soc") for size in (1, 50, 200, 500)),
    "inspect_loop",
    "logs",
    "serving",
    "making",
)
"""What is run, in order; `published` only with a checkout."""


def main() -> None:
    """Print the table, or with `--part` the rows of one part as JSON lines."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--reference", type=Path, help="checkout of the published environment, with seeds")
    parser.add_argument("--only", choices=sorted({part.split()[0] for part in PARTS}), help="one part")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        for row in _figures(given.part, given.reference):
            print(json.dumps(row), flush=True)
        return
    print("| what | measured | ask |\n|---|---|---|", flush=True)
    for part in PARTS:
        left_out = part == "published" and given.reference is None
        if not left_out and (given.only is None or part.split()[0] == given.only):
            _print_part(part, given.reference)


def _print_part(part: str, reference: Path | None) -> None:
    command = [sys.executable, "-m", "bench", "--part", part]
    if reference is not None:
        command += ["--reference", str(reference.absolute())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            row = Row(*json.loads(line))
            print(f"| {row.what} | {row.measured} | {row.ask} |", flush=True)
    if process.returncode:
        raise SystemExit(f"bench: part {part!r} failed")


def _figures(part: str, reference: Path | None) -> Iterator[Row]:
    name, *arguments = part.split()
    figures: Callable[..., Iterator[Row]] = import_module(f"bench.{name}").figures
    if name == "published":
        return figures(reference)
    return figures(*(int(a) if a.isdecimal() else a for a in arguments))


if __name__ == "__main__":
    main()
