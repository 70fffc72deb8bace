"""Direct play: a policy against a world, without Inspect. For certificates, audits and benchmarks."""

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.conversation import Call, Conversation, Exchange, Policy
from opensec_inspect.incident.attackers import Attacker
from opensec_inspect.incident.scenario.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    FetchEmail,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.scenario.episode import Episode, Setting
from opensec_inspect.incident.scenario.scenario import Scenario
from opensec_inspect.incident.world.briefing import brief
from opensec_inspect.incident.world.world import World

_ACTION_OF = {
    model.model_fields["tool"].default: model
    for model in (QueryLogs, FetchEmail, FetchAlert, IsolateHost, BlockDomain, ResetUser)
}


async def play(
    scenario: Scenario, setting: Setting, policy: Policy, *, attacker: Attacker | None = None
) -> Episode:
    """The episode a policy plays; when it stops calling, its remaining steps pass idle."""
    conversation = Conversation(brief=brief(scenario, setting))
    turn = 0
    async with World.open(scenario, setting, attacker) as world:
        while not world.over:
            turn += 1
            calls = policy(conversation)
            if not calls:
                await world.step(Idle(), turn=turn)
            exchanges = []
            for call in calls:
                if not world.over:
                    played = await world.step(action_of(call), turn=turn)
                    exchanges.append(Exchange(call=call, answer=played.text))
            update = {"exchanges": (*conversation.exchanges, *exchanges)}
            conversation = conversation.model_copy(update=update)
        return world.episode


def action_of(call: Call) -> Action:
    """The action a well-formed call of ours stands for."""
    if call.tool == "submit_report":
        return SubmitReport(report=Report.model_validate(call.arguments))
    return _ACTION_OF[call.tool](**call.arguments)
