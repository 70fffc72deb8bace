"""Direct play: a policy against a world, without Inspect. For certificates, audits and benchmarks."""

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.conversation import Call, Conversation, Exchange, Policy
from opensec_inspect.incident.episode.actions import (
    Action,
    Containment,
    FetchAlert,
    FetchEmail,
    QueryLogs,
    Report,
    SubmitReport,
)
from opensec_inspect.incident.episode.containment import CONTAINMENT_TOOLS
from opensec_inspect.incident.episode.episode import Episode, Setting
from opensec_inspect.incident.episode.view import Attacker
from opensec_inspect.incident.facts.scenario import Scenario
from opensec_inspect.incident.world.makers import Makers
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.worlds.briefing import brief
from opensec_inspect.incident.world.worlds.direct import DirectWorld

_ACTION_OF: dict[str, type[QueryLogs | FetchEmail | FetchAlert | Containment]] = {
    "query_logs": QueryLogs,
    "fetch_email": FetchEmail,
    "fetch_alert": FetchAlert,
    **{tool.name: tool.action for tool in CONTAINMENT_TOOLS},
}


def play(
    scenario: Scenario,
    setting: Setting,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    makers: Makers = MAKERS,
) -> Episode:
    """The episode a policy plays; when it stops calling, its remaining steps pass idle."""
    conversation = Conversation(brief=brief(scenario, setting, makers))
    turn = 0
    with DirectWorld(scenario, setting, attacker, makers) as world:
        while not world.over:
            turn += 1
            calls = policy(conversation)
            if not calls:
                world.step(Idle(), turn=turn)
            exchanges = []
            for call in calls:
                if not world.over:
                    played = world.step(action_of(call), turn=turn)
                    exchanges.append(Exchange(call=call, answer=played.text))
            update = {"exchanges": (*conversation.exchanges, *exchanges)}
            conversation = conversation.model_copy(update=update)
        return world.episode


def action_of(call: Call) -> Action:
    """The action a well-formed call of ours stands for."""
    if call.tool == "submit_report":
        return SubmitReport(report=Report.model_validate(call.arguments))
    return _ACTION_OF[call.tool](**call.arguments)
