"""Runs all benchmarks and prints a table: what was measured, the figure, the aim."""

import sys

from bench import direct, evidence, inspect_loop, making, store


def main() -> None:
    """Print a Markdown table of figures."""
    print("| what | measured | aim |\n|---|---|---|")
    parts = (direct.figures, inspect_loop.figures, making.figures, store.figures, evidence.figures)
    for part in parts:
        for what, measured, aim in part():
            print(f"| {what} | {measured} | {aim} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
