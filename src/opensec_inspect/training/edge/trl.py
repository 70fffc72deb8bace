"""The world for TRL's `GRPOTrainer`: an environment class whose methods are the tools, and reward functions.

Nothing of TRL is imported here: it takes plain classes and functions.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from inspect_ai.tool import Tool, ToolDef

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.episode.episode import Setting
from opensec_inspect.incident.generate.seeds import parse_scenario
from opensec_inspect.incident.world.worlds.direct import at_once
from opensec_inspect.training.curriculum import Draw
from opensec_inspect.training.profiles import Priced, profile_named, stage_of
from opensec_inspect.training.rollouts import Rollout, direct_rollout

RewardFunction = Callable[..., list[float | None]]
NOT_OPEN = "The environment was not reset; the data set needs the columns of `rows`."


class CaseTools:
    """One case at a time: `GRPOTrainer(environment_factory=CaseTools)`. Its public methods are the tools.

    They are attached below, with the words of the task's own tools. Calls of one message share a turn: the
    answer to one cannot have been read before the next was written.
    """

    _rollout: Rollout | None = None
    _priced: dict[tuple[str, int], Priced]
    _joined = 0

    def reset(self, scenario: str = "", setting: str = "", **_row: Any) -> None:
        """Open the case of a row; the brief is in its prompt already."""
        self._shut()
        if not scenario:
            raise BadInputError(NOT_OPEN)
        self._priced, self._joined = {}, 0
        self._rollout = direct_rollout(parse_scenario(scenario), Setting.model_validate_json(setting))

    def _shut(self) -> None:
        """Close the open case, if there is one."""
        rollout, self._rollout = self._rollout, None
        if rollout is not None:
            rollout.close()

    def _worth(self, profile: str, stage: int) -> Priced:
        """What the episode is worth; steps that were left are given away first, and the case is closed."""
        if self._rollout is None:
            raise BadInputError(NOT_OPEN)
        key = (profile, stage)
        if key not in self._priced:
            at_once(self._rollout.finish())
            self._rollout.close()
            self._priced[key] = self._rollout.reward(profile, stage)
        return self._priced[key]

    async def _play(self, tool: str, arguments: dict[str, Any]) -> str:
        # The trainer gathers the calls of a message: all of them begin before any goes on behind the pause.
        self._joined += 1
        first = self._joined == 1
        await asyncio.sleep(0)
        try:
            if self._rollout is None:
                raise BadInputError(NOT_OPEN)
            return (await self._rollout.call(tool, arguments, same_turn=not first)).text
        finally:
            self._joined -= 1


def reward_functions(profile: str) -> list[RewardFunction]:
    """A function per part of a profile, named as the part, for `reward_funcs`; undefined parts are None.

    The stage is that of each row (column `stage`); a part that the stage does not pay yet is None.
    """
    return [_reward_function(profile_named(profile).name, part) for part in profile_named(profile).weights()]


def reward_weights(profile: str) -> list[float]:
    """The weights in the order of `reward_functions`, of normalised parts with `normalize_then_sum`."""
    return list(profile_named(profile).weights().values())


def rows(draws: Iterable[Draw]) -> list[dict[str, Any]]:
    """Rows of a data set: the prompt, and the case as columns that `reset` takes."""
    found = []
    for draw in draws:
        rollout = direct_rollout(draw.scenario, draw.setting)
        rollout.close()
        prompt = [
            {"role": "system", "content": rollout.system},
            {"role": "user", "content": rollout.brief},
        ]
        found.append(
            {
                "prompt": prompt,
                "scenario": draw.scenario.model_dump_json(exclude_none=True),
                "setting": draw.setting.model_dump_json(),
                "stage": draw.stage,
            }
        )
    return found


def _reward_function(profile: str, part: str) -> RewardFunction:
    def paid(
        prompts: Sequence[Any],
        completions: Sequence[Any],
        *,
        environments: Sequence[CaseTools],
        **columns: Any,
    ) -> list[float | None]:
        stages = columns.get("stage") or [3] * len(environments)
        return [
            environment._worth(profile, stage_of(stage)).parts.get(part)
            for environment, stage in zip(environments, stages, strict=True)
        ]

    paid.__name__ = part
    return paid


def _method(tool: Tool) -> Callable[..., Any]:
    """A method with the name, parameters and words of a tool of the task."""
    name = ToolDef(tool).name

    async def method(self: CaseTools, **arguments: Any) -> str:
        return await self._play(name, arguments)

    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(tool)
    method.__signature__ = signature.replace(parameters=[own, *signature.parameters.values()])  # type: ignore[attr-defined]
    method.__annotations__ = dict(
        inspect.get_annotations(tool.__call__ if not inspect.isfunction(tool) else tool)
    )
    method.__doc__ = inspect.getdoc(tool)
    method.__name__ = method.__qualname__ = name
    return method


for _tool in opensec_tools():
    setattr(CaseTools, ToolDef(_tool).name, _method(_tool))
