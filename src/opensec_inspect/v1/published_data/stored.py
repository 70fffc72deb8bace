"""Imported scenarios as files, one JSON file each, marked `"rules": "v1"`."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError
from opensec_inspect.v1.scenario import V1Scenario


def write_scenarios(scenarios: Iterable[V1Scenario], folder: Path) -> tuple[Path, ...]:
    """The files written: `<split>/<scenario id>.json` in the folder; folders are made where missing."""
    written = []
    for scenario in scenarios:
        path = folder / scenario.split / f"{scenario.scenario_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(scenario.model_dump_json(indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return tuple(written)


def read_scenarios(folder: Path) -> tuple[V1Scenario, ...]:
    """The scenarios of a folder and those below it, sorted by path.

    A file that is none raises `BadInputError`, and so does a scenario that is there twice.
    """
    listed = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    files = [path for path in listed if path.name != "manifest.json"]
    if not files:
        raise BadInputError(
            f"{folder} holds no imported scenario; import the published set with `opensec import-v1`."
        )
    found: dict[str, V1Scenario] = {}
    for path in files:
        scenario = _read(path)
        if scenario.scenario_id in found:
            raise BadInputError(f"{folder} holds {scenario.scenario_id} twice; import it into a new folder.")
        found[scenario.scenario_id] = scenario
    return tuple(found.values())


def _read(path: Path) -> V1Scenario:
    try:
        return V1Scenario.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadInputError(
            f"{path} is no imported v1 scenario ({place}: {first['msg']}); import it again."
        ) from None
