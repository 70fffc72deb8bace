"""The data set as it is published: parquet, a card, and Croissant with checksums. Needs the extra `hub`."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalSample

from opensec_inspect.core.optional import optional
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.episode.episode import Episode
from opensec_inspect.incident.generate.seeds import SPLITS, read_groups
from opensec_inspect.incident.scoring.numbers import numbers_of
from opensec_inspect.report.logs.logs import LeftOut, LogHead
from opensec_inspect.training.edge.logged import from_logs
from opensec_inspect.training.edge.sft import WITH_MESSAGES, Example, examples_at, message_as_json
from opensec_inspect.training.release import CARD, Config, croissant

Row = dict[str, Any]
ROWS_PER_FILE = 2_000
NUMBERS = (
    "reward",
    "stand_down_reward",
    "resolved",
    "in_time",
    "stood_down",
    "blocked_right",
    "false_positive",
)


class Released(Frozen):
    """What was written."""

    files: tuple[tuple[str, int], ...]
    """Path below the folder and number of rows."""
    left_out: tuple[LeftOut, ...]


def release(out: Path, logs: Sequence[str] = ()) -> Released:
    """Write the data set below a new folder; without logs only the scenarios.

    BadInputError when the folder holds anything, or when logs are named and none is usable.
    """
    if out.exists() and any(out.iterdir()):
        raise BadInputError(f"{out} is not empty; give a folder that does not exist yet.")
    optional("pyarrow", purpose="Parquet files need", extra="hub")
    configs: dict[str, dict[str, list[Row]]] = {"scenarios": {s: list(_scenarios(s)) for s in SPLITS}}
    left_out: tuple[LeftOut, ...] = ()
    if logs:
        rows, left_out = from_logs(logs, _trajectory, exclude=WITH_MESSAGES)
        configs["trajectories"] = {s: [r for r in rows if r["split"] == s] for s in SPLITS}
        examples = examples_at(logs).examples
        configs["sft"] = {"train": [_sft(example) for example in examples]}
    written = [
        file
        for config, splits in configs.items()
        for split, rows in splits.items()
        for file in _write(out, config, split, rows)
        if rows
    ]
    _describe(out, written)
    return Released(files=tuple((file.path, file.rows) for file in written), left_out=left_out)


def _scenarios(split: str) -> Iterable[Row]:
    for seed in read_groups(split):
        for scenario in seed.scenarios():
            yield {
                "id": scenario.id,
                "group": scenario.group,
                "member": scenario.member,
                "kind": scenario.kind,
                "difficulty": scenario.difficulty,
                "alert_family": scenario.alert_family,
                "injection_family": scenario.injection_family,
                "injection_tier": scenario.injection_tier,
                "organisation": scenario.organisation,
                "max_steps": scenario.max_steps,
                "required": len(scenario.truth.required),
                "canary": scenario.canary,
                "sha256": scenario.digest,
                "scenario_json": scenario.model_dump_json(exclude_none=True),
            }


def _trajectory(run: LogHead, sample: EvalSample, episode: Episode) -> Row:
    scenario, numbers = episode.scenario, numbers_of(episode)
    report = episode.report
    return {
        "scenario": scenario.id,
        "split": "eval" if scenario.organisation.startswith("eval-") else "train",
        "model": run.model,
        "task": run.task,
        "version": run.version,
        "epoch": sample.epoch,
        "kind": scenario.kind,
        "difficulty": scenario.difficulty,
        "alert_family": scenario.alert_family,
        "injection_tier": episode.setting.injection_tier,
        "steps": len(episode.steps),
        "verdict": report.verdict if report else None,
        "confidence": report.confidence if report else None,
        **{name: numbers[name] for name in NUMBERS},
        "setting_json": episode.setting.model_dump_json(),
        "steps_json": json.dumps(
            [step.model_dump(mode="json") for step in episode.steps], ensure_ascii=False
        ),
        "messages_json": json.dumps([message_as_json(m) for m in sample.messages], ensure_ascii=False),
    }


def _sft(example: Example) -> Row:
    nested = {
        f"{name}_json": json.dumps(getattr(example, name), ensure_ascii=False)
        for name in ("prompt", "completion", "tools")
    }
    return {"scenario": example.scenario, "model": example.model, **nested}


def _write(out: Path, config: str, split: str, rows: Sequence[Row]) -> list[Config]:
    parquet = optional("pyarrow.parquet", purpose="Parquet files need", extra="hub")
    arrow = optional("pyarrow", purpose="Parquet files need", extra="hub")
    number = max(1, -(-len(rows) // ROWS_PER_FILE))
    written = []
    for n in range(number if rows else 0):
        part = rows[n * ROWS_PER_FILE : (n + 1) * ROWS_PER_FILE]
        path = f"data/{config}/{split}-{n:05d}-of-{number:05d}.parquet"
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(arrow.Table.from_pylist(list(part)), out / path)
        digest = hashlib.sha256((out / path).read_bytes()).hexdigest()
        kinds = _kinds(rows)
        written.append(
            Config(config=config, split=split, path=path, rows=len(part), sha256=digest, columns=kinds)
        )
    return written


def _kinds(rows: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Name and kind of each column, `text`, `whole` or `number`, from the values that are there."""
    kinds: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            found = "text" if isinstance(value, str) else "whole" if isinstance(value, int) else "number"
            if value is not None or name not in kinds:
                kinds[name] = found
    return tuple(kinds.items())


def _describe(out: Path, files: Sequence[Config]) -> None:
    splits: dict[str, dict[str, None]] = {}
    for file in files:
        splits.setdefault(file.config, {})[file.split] = None
    listing = "\n".join(line for config, found in splits.items() for line in _listed(config, found))
    (out / "README.md").write_text(CARD.format(configs=listing), encoding="utf-8")
    text = json.dumps(croissant(files), indent=1, ensure_ascii=False)
    (out / "croissant.json").write_text(text + "\n", encoding="utf-8")


def _listed(config: str, splits: Iterable[str]) -> Iterable[str]:
    """A configuration as the head of a card lists it."""
    yield f"- config_name: {config}"
    if config == "scenarios":
        yield "  default: true"
    yield "  data_files:"
    for split in splits:
        yield f"  - split: {split}"
        yield f"    path: data/{config}/{split}-*.parquet"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
