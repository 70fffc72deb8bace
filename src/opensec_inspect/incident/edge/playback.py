"""`--model opensec/replay -M log=FILE`: plays the actions of a log again, in any world that offers the tools.

The actions are those of the episodes: what reached the world, what an approver rejected, and turns in
which nothing was called. Malformed calls changed nothing and are not repeated.
"""

import json
from collections.abc import Callable
from itertools import groupby

from inspect_ai.model import ChatMessage, ChatMessageUser

from opensec_inspect.core.actions import Idle, Rejected, UseExtraTool
from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.core.providers.scripted import NOTHING, Written
from opensec_inspect.core.refusals import refusal_phrase
from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.logged import read_log
from opensec_inspect.incident.episode.actions import Action, SubmitReport
from opensec_inspect.incident.episode.episode import Episode, Step
from opensec_inspect.options import given_path


def playback(
    log: object = None, epoch: object = 1, **unknown: object
) -> Callable[[list[ChatMessage], frozenset[str]], Written]:
    """The turns of a log's defender, by case and number of the turn.

    `epoch` chooses among the epochs of the log. A case that is not in the log, and turns after the last
    one recorded, are turns without a call. Raises BadInputError for a file that is no log of episodes.
    """
    if unknown or not isinstance(log, str):
        raise BadInputError("opensec/replay takes -M log=FILE, and -M epoch=N for a log with several epochs.")
    played = read_log(given_path("log", log)).episodes
    turns = {logged.sample: turns_of(logged.episode) for logged in played if logged.epoch == epoch}
    if not turns:
        raise BadInputError(
            f"{log} has no finished sample of epoch {epoch!r}; give -M epoch=N of one it has."
        )

    def turn(messages: list[ChatMessage], offered: frozenset[str]) -> Written:
        brief = next((m.text for m in messages if isinstance(m, ChatMessageUser)), "")
        made = turns.get(Conversation(brief=brief).case, ())
        number = sum(message.role == "assistant" for message in messages)
        return made[number] if number < len(made) else Written(NOTHING, ())

    return turn


def turns_of(episode: Episode) -> tuple[Written, ...]:
    """The turns of an episode's defender, in order; steps that were given away are none."""
    written = [step for step in episode.steps if step.turn > 0]
    return tuple(_turn(list(steps)) for _, steps in groupby(written, key=lambda step: step.turn))


def _turn(steps: list[Step]) -> Written:
    first = steps[0].action
    if isinstance(first, Idle):
        return Written(refusal_phrase() if first.refusing else NOTHING, ())
    return Written("", tuple(_call(step.action) for step in steps))


def _call(action: Action) -> Call:
    if isinstance(action, SubmitReport):
        return Call(tool=action.tool, arguments=action.report.model_dump())
    if isinstance(action, Rejected | UseExtraTool):
        return Call(tool=action.name, arguments=json.loads(action.arguments))
    return Call(tool=action.tool, arguments=action.model_dump(exclude={"tool"}))
