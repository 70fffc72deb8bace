"""The commands of the documents: every line of a shell block, and what a line needs to be right."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / folder / "README.md" for folder in ("tasks", "solvers", "scorers", "tools")),
)
PROGRAMS = ("inspect", "opensec", "scout")


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of a language, those within lists too."""
    text = document.read_text(encoding="utf-8")
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [str(block) for block in found]


def shell_lines(document: Path) -> list[str]:
    """The commands of its `sh` blocks in order, continued lines joined, comments left out."""
    text = "\n".join(blocks(document, "sh")).replace("\\\n", " ")
    lines = (re.sub(r"\s{2,}#.*$", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def commands(document: Path) -> list[list[str]]:
    """Every command of our programs in a document, indented and fenced ones, as words."""
    text = document.read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    fenced = False
    for line in text.splitlines():
        if line.strip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            for part in re.split(r" && |; do |; ", line.strip()):
                words = _words(part)
                if words and words[0] in PROGRAMS:
                    found.append(words)
    return found


def _words(part: str) -> list[str]:
    plain = re.sub(r"\s{2,}#.*$", "", part.strip()).removesuffix("; done")
    plain = plain.removeprefix(".venv/bin/")
    try:
        return shlex.split(plain)
    except ValueError:  # prose that happens to be indented
        return []
