"""Who attacks a sample: the policy its task asks for, with a model or a recording behind it if it has one.

The attacker's model is the sample's, not the defender's: none of its tokens, turns or time counts
against the defender's limits.
"""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, get_args

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelUsage,
    ResponseSchema,
)
from inspect_ai.util import (
    JSONSchema,
    LimitExceededError,
    Store,
    span,
    suspend_token_limit,
    suspend_turn_limit,
    suspend_working_limit,
)

from opensec_inspect.core.archive import Archive, Maker, check_archive, prepare_archive
from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.attackers import Attacker, AttackerView
from opensec_inspect.incident.attackers.model import ModelAttacker, Said, prompt_digest
from opensec_inspect.incident.attackers.policies import ATTACKER_POLICIES, AttackerPolicy
from opensec_inspect.incident.attackers.replay import Recorder, Replayer, check_decisions
from opensec_inspect.incident.edge.attacker_file import attacker_policy
from opensec_inspect.incident.episode.view import Stall
from opensec_inspect.incident.facts.scenario import Move, Scenario
from opensec_inspect.incident.scoring.naming import scene_of
from opensec_inspect.options import chosen, path_to_write

Replay = Literal["off", "record", "replay"]
Miss = Literal["error", "live"]
REPLAYS: tuple[Replay, ...] = get_args(Replay)
MISSES: tuple[Miss, ...] = get_args(Miss)

DEFAULT_ROLE_MODEL = "opensec/attacker_evasive"
"""Plays the role `attacker` unless `--model-role attacker=…` names another."""
USAGE_KEY = "opensec_attacker"
"""Store key of what the attacker's model has used so far."""
PATIENCE = GenerateConfig(attempt_timeout=60, timeout=180, max_retries=4)
"""Limits of the attacker's model where its own configuration has none: Inspect would ask for ever."""
_MESSAGE = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}


class AttackerFailedError(RuntimeError):
    """The attacker's model gave no answer at all. The sample fails: nobody attacked this defender."""


class Attackers(Frozen):
    """How the attackers of a task are to be made."""

    policy: AttackerPolicy = ATTACKER_POLICIES["scripted"]
    strict: bool = False
    """Whether an answer of the model that is no legal move fails the sample."""
    replay: Replay = "off"
    path: Path | None = None
    """File of recorded moves; None when `replay` is off."""
    miss: Miss = "error"
    """What happens when a move to be replayed was never recorded."""

    def __str__(self) -> str:
        return f"{self.policy.name}{' strict' if self.strict else ''}"

    @property
    def asks_a_model(self) -> bool:
        """Whether a model in the role `attacker` may be asked."""
        return self.policy.asks_a_model and (self.replay != "replay" or self.miss == "live")


def attackers_of(
    attacker: object, strict: object, *, replay: object, path: object, miss: object
) -> Attackers:
    """The options of a task, checked; BadInputError where one has no meaning beside the others."""
    policy = attacker_policy(attacker)
    mode = chosen("replay", replay, REPLAYS)
    made = Attackers(
        policy=policy,
        strict=chosen("attacker_strict", strict, (False, True)),
        replay=mode,
        path=None if path is None else path_to_write("replay_path", path),
        miss=chosen("replay_miss", miss, MISSES),
    )
    if made.strict and not policy.asks_a_model:
        raise BadInputError("attacker_strict=true has no meaning without attacker=llm; leave it out.")
    if (made.path is None) != (mode == "off"):
        raise BadInputError("replay=record and replay=replay need replay_path=FILE; replay=off takes none.")
    if made.miss == "live" and mode != "replay":
        raise BadInputError("replay_miss=live has no meaning without replay=replay; leave it out.")
    return made


def prepare(attackers: Attackers, scenarios: tuple[Scenario, ...], task_version: str) -> None:
    """Make sure that the file of recorded moves fits the run; BadInputError when it does not."""
    ids = [(scenario.digest, scenario.id) for scenario in scenarios]
    if attackers.path is None:
        return
    if attackers.replay == "record":
        prepare_archive(attackers.path, ids, task_version)
    else:
        check_archive(attackers.path, ids, task_version, all_of_them=attackers.miss == "error")
    check_decisions(attackers.path, scenarios)


class AttackerHandle(NamedTuple):
    """A sample's attacker, and what lets go of its file when the sample is over."""

    attacker: Attacker
    close: Callable[[], None]


def attacker_handle(
    attackers: Attackers, scenario: Scenario, model: Model | None, store: Store
) -> AttackerHandle:
    """The attacker of one sample. `model` plays the role; None where none may be asked."""
    policy: Attacker | None = None
    maker = Maker(model=attackers.policy.name)
    if attackers.policy.make is not None:
        policy = attackers.policy.make()
    elif model is not None:
        policy = RoleAttacker(model, scenario, store, strict=attackers.strict)
        maker = Maker(model=str(model), temperature=model.config.temperature, prompt=prompt_digest())
    if attackers.path is None:
        assert policy is not None
        return AttackerHandle(policy, _nothing)
    archive = Archive(attackers.path, writing=attackers.replay == "record")
    if attackers.replay == "replay":
        live = policy if attackers.miss == "live" else None
        return AttackerHandle(Replayer(archive, scenario.digest, live), archive.close)
    archive.refuse_other_makers(maker)
    assert policy is not None
    return AttackerHandle(Recorder(policy, archive, scenario.digest, maker), archive.close)


class RoleAttacker:
    """A model attacker over the model in the role `attacker`, in a span of its own."""

    def __init__(self, model: Model, scenario: Scenario, store: Store, *, strict: bool) -> None:
        self._model, self._store = model, store
        self._player = ModelAttacker(scene_of(scenario, "desk"), self._ask, strict=strict)

    async def decide(self, view: AttackerView) -> Move | Stall:
        """The move the model chose."""
        with suspend_token_limit(), suspend_turn_limit(), suspend_working_limit():
            async with span("attacker", type="attacker"):
                return await self._player.decide(view)

    async def _ask(self, said: tuple[Said, ...], schema: dict[str, Any]) -> str:
        messages: list[ChatMessage] = [_MESSAGE[turn.role](content=turn.text) for turn in said]
        config = PATIENCE.merge(self._model.config)
        if getattr(self._model.api, "holds_to_schema", False):
            held = ResponseSchema(name="move", json_schema=JSONSchema.model_validate(schema))
            config = config.model_copy(update={"response_schema": held})
        started = time.monotonic()
        with _NamingTheAttacker(str(self._model)):
            output = await self._model.generate(messages, config=config)
        self._count(output.usage, time.monotonic() - started)
        return output.completion

    def _count(self, usage: ModelUsage | None, seconds: float) -> None:
        before = usage_of(self._store)
        after = AttackerUsage(
            turns=before.turns + 1,
            tokens=before.tokens + (usage.total_tokens if usage else 0),
            time_s=round(before.time_s + seconds, 3),
        )
        self._store.set(USAGE_KEY, after.model_dump())


class AttackerUsage(Frozen):
    """What the attacker's model used in one episode."""

    turns: int = 0
    """Answers it gave, those that were refused included."""
    tokens: int = 0
    """In and out."""
    time_s: float = 0.0
    """Seconds waited for it, retries included."""


def usage_of(store: Store) -> AttackerUsage:
    """What the attacker's model used in a sample; all 0 where no model was asked."""
    return AttackerUsage.model_validate(store.get(USAGE_KEY, {}))


class _NamingTheAttacker:
    """Says of any error in the block whose it was; limits of the sample pass as they are.

    Inspect would take a TimeoutError for one of the defender's tool, and go on.
    """

    def __init__(self, model: str) -> None:
        self._model = model

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, LimitExceededError):
            cause = error.__cause__ or error  # what the last retry ended with, where there were any
            what = " ".join(str(cause).split())[:300]
            raise AttackerFailedError(
                f"The attacker's model {self._model} gave no answer: {type(cause).__name__}: {what}"
            ) from error


def _nothing() -> None:
    """There is no file to let go of."""
