"""What the defender is answer after each step. Prompt text: a change here changes the experiment."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from opensec_inspect.incident import prompts
from opensec_inspect.incident.episode.containment import ContainmentTool
from opensec_inspect.incident.episode.episode import Step
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.world.asking import MAX_ROWS, Answer
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.tables import COLUMNS

PROMPTS = prompts.__name__
OVER = "The case is closed: nothing can be asked or done any more."
CUT = f"Not all rows are shown (at most {MAX_ROWS}, and a limit on length). Narrow the statement or page."
IDLE = "Nothing was called, and time has passed. Use one of the tools, or end with submit_report."


class Played:
    """A step and the text that answers the defender."""

    __slots__ = ("_step_of", "text")

    def __init__(self, step_of: Callable[[], Step], text: str) -> None:
        self._step_of = step_of
        self.text = text
        """JSON, as the defender reads it."""

    @property
    def step(self) -> Step:
        """As it is recorded, its gate included."""
        return self._step_of()


@dataclass(frozen=True, slots=True)
class Result:
    """What an action led to, before it is put into words; all None for actions without an answer."""

    answer: Answer | None = None
    row: StoredRow | None = None
    sentence: str | None = None
    error: str | None = None


def after_step(
    scenario: Scenario, scene: Scene, step: Step, result: Result, *, contained: frozenset[str], now: str
) -> str:
    """The JSON text that answers a step; `now` is scenario time after it."""
    answer: dict[str, object] = {}
    if result.error is not None:
        answer["error"] = result.error
    elif result.answer is not None:
        answer["columns"], answer["rows"] = result.answer.columns, result.answer.rows
        if result.answer.cut:
            answer["notice"] = CUT
    elif result.row is not None:
        answer["row"] = dict(zip(COLUMNS[result.row.table], result.row.cells, strict=True))
    elif result.sentence is not None:
        answer["result"] = result.sentence
    return json.dumps(answer | status(scenario, scene, step, contained, now), ensure_ascii=False)


def status(
    scenario: Scenario, scene: Scene, step: Step, contained: frozenset[str], now: str
) -> dict[str, object]:
    """Where the case stands: the same after every step."""
    return {
        "step": step.index + 1,
        "steps_left": scenario.max_steps - step.index - 1,
        "time": now,
        "new_emails": [id_ for id_ in step.visible if id_.startswith("em-")],
        "new_alerts": [id_ for id_ in step.visible if id_.startswith("al-")],
        "contained": _contained(scene, contained),
    }


def _contained(scene: Scene, contained: frozenset[str]) -> dict[str, list[str]]:
    """The defender's own containment, by hostname, domain and account."""
    return {
        "hosts": sorted(scene.devices[e].hostname for e in contained if e in scene.devices),
        "domains": sorted(e for e in contained if e in scene.names),
        "users": sorted(scene.accounts[e].upn for e in contained if e in scene.accounts),
    }


def unknown_entity(tool: ContainmentTool, name: str) -> str:
    """The answer to a containment call that names nothing."""
    return f"No {tool.kind} {name[:80]!r} is known; nothing was done. Name it by {tool.names}."


def already_contained(tool: ContainmentTool, name: str) -> str:
    """The answer to containing something twice."""
    return f"{name} {tool.done} already; nothing changed."


def now_contained(tool: ContainmentTool, name: str) -> str:
    """The answer to a containment that changed the world."""
    return f"{name} {tool.done}."


def not_found(table: str, id_: str) -> str:
    """The answer to a fetch of something that is not there, or not yet."""
    what = "email" if table == "email_logs" else "alert"
    return f"There is no {what} {id_[:80]!r}."
