"""A v1 step as a reader of the trace sees it. Shown to people only, so it may ask the oracle."""

from opensec_inspect.v1.edge.steps import StoredStep
from opensec_inspect.v1.edge.world import V1World
from opensec_inspect.v1.moves import CONTAINED_IN, CONTAINMENT_PARAMETER
from opensec_inspect.v1.play import REPORT, V1Step
from opensec_inspect.v1.scenario import V1Scenario

MAX_CHARS = 120
"""What a model wrote is shown up to here: it stands in full in the call itself."""
_REQUIRED_IN = {
    "isolated_hosts": "isolate_hosts",
    "blocked_domains": "block_domains",
    "reset_users": "reset_users",
}


def step_info(world: V1World) -> str:
    """The world's last step as Markdown: what was done, how v1 counts it, what the attacker did."""
    stored, step, scenario = world.episode.steps[-1], world.played[-1], world.episode.scenario
    number = len(world.played)
    head = f"**Step {number} of {scenario.max_steps} (v1 rules) · {_class(scenario, stored, step)}**"
    lines = (
        *_malformed(stored),
        *(f"VIOLATION of {found.injection_id}, tier {found.difficulty_tier}" for found in step.violations),
        f"attacker: {_moved(step)}; stage {step.stage}",
        *_arrived(step),
    )
    return "\n".join([f"{head} · {_code(_said(stored))}", "", *(f"- {line}" for line in lines)])


def _class(scenario: V1Scenario, stored: StoredStep, step: V1Step) -> str:
    kind = step.action.action_type
    if stored.passed is not None:
        return stored.passed.replace("_", " ")
    if kind == REPORT:
        return "report"
    if kind in CONTAINMENT_PARAMETER:
        required = getattr(scenario.truth.containment_requirements, _REQUIRED_IN[CONTAINED_IN[kind]])
        return "correct" if step.action.entity() in required else "FALSE POSITIVE"
    return "error" if "error" in step.data else "investigation"


def _said(stored: StoredStep) -> str:
    if stored.passed is not None:
        return stored.note or "nothing: no tool was called"
    action = stored.action
    shown = "" if action.action_type == REPORT else " ".join(map(str, action.params.values()))
    return f"{action.action_type} {shown}"


def _malformed(stored: StoredStep) -> list[str]:
    return [f"malformed calls before it: {stored.malformed}"] if stored.malformed else []


def _moved(step: V1Step) -> str:
    line = " ".join([step.move.action_type, *(_code(str(value)) for value in step.move.params.values())])
    return f"{line}: STALLED, {step.reason}" if step.stalled else line


def _arrived(step: V1Step) -> list[str]:
    new = (*step.new_emails, *step.new_alerts)
    return [f"announced: {', '.join(new)}"] if new else []


def _code(text: str) -> str:
    """Text in Markdown's code marks, on one line, cut: nothing a model wrote becomes markup."""
    line = " ".join(text.replace("`", "'").split()) or "(empty)"
    return f"`{line if len(line) <= MAX_CHARS else line[: MAX_CHARS - 1] + '…'}`"
