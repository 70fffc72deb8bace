"""Compile the rules and write the file that the package reads."""

from rules.compiling import COMPILED, all_compiled

COMPILED.write_text(all_compiled(), encoding="utf-8")
