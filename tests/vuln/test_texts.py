"""What a model is shown of programs and tasks, guarded: a changed text is a changed experiment."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

from opensec_inspect.vuln.catalogue import PROGRAMS, variant, vuln_tasks

GUARD = Path(__file__).parent / "texts.json"
WHAT_TO_DO = (
    "What a model is shown has changed: {changed}. That changes the experiment: tell it under Unreleased in"
    " CHANGELOG.md, and write the digests anew with `python -m tests.vuln.test_texts`."
)


def digest(text: str) -> str:
    """The first digits of a text's digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def digests() -> dict[str, str]:
    """The digest of each program's texts, and of each task's variant under seed 0."""
    data = files("opensec_inspect.vuln") / "data"
    found = {
        f"{program.name}{ending}": digest((data / f"{program.name}{ending}").read_text(encoding="utf-8"))
        for program, _ in PROGRAMS
        for ending in (".txt", ".toml")
    }
    for task in vuln_tasks():
        one = variant(task.id, 0)
        shown = [one.question.model_dump_json(), *(file.model_dump_json() for file in one.workspace)]
        found[task.id] = digest("\n".join(shown))
    return found


def test_no_text_changes_by_itself() -> None:
    stored = json.loads(GUARD.read_text(encoding="utf-8"))
    now = digests()

    changed = sorted(name for name in {*stored, *now} if stored.get(name) != now.get(name))
    assert not changed, WHAT_TO_DO.format(changed=", ".join(changed))


if __name__ == "__main__":
    GUARD.write_text(json.dumps(digests(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
