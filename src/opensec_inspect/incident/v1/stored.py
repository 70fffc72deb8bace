"""Imported scenarios as files, one JSON file each, marked `"rules": "v1"`."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.v1.scenario import V1Scenario


def write_scenarios(scenarios: Iterable[V1Scenario], folder: Path) -> tuple[Path, ...]:
    """The files written: `<scenario id>.json` in the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for scenario in scenarios:
        path = folder / f"{scenario.scenario_id}.json"
        path.write_text(scenario.model_dump_json(indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return tuple(written)


def read_scenarios(folder: Path) -> tuple[V1Scenario, ...]:
    """The scenarios of a folder, sorted by file name; a file that is none raises `BadInputError`."""
    found = sorted(folder.glob("*.json")) if folder.is_dir() else []
    files = [path for path in found if path.name != "manifest.json"]
    if not files:
        raise BadInputError(f"{folder} holds no imported scenario; import the published set there first.")
    return tuple(_read(path) for path in files)


def _read(path: Path) -> V1Scenario:
    try:
        return V1Scenario.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadInputError(
            f"{path} is no imported v1 scenario ({place}: {first['msg']}); import it again."
        ) from None
