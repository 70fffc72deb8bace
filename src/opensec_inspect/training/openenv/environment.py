"""One session of the OpenEnv server: a case after the other, each answered step by step."""

from typing import Any

from openenv.core.env_server import Environment

from opensec_inspect.errors import BadInputError
from opensec_inspect.training.openenv.messages import CaseObservation, CaseState, ToolCall
from opensec_inspect.training.profiles import profile_named, stage_of
from opensec_inspect.training.rollouts import Reply, Rollout, open_rollout
from opensec_inspect.training.tasks import TaskInfo, Tasks, setting_of

NO_CASE = "No case is open in this session; send reset first. A session that was idle for too long is closed."


class CaseEnvironment(Environment[ToolCall, CaseObservation, CaseState]):
    """A session. Payment comes at the end alone: the reward of every other observation is 0."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, tasks: Tasks, profile: str = "calibrated") -> None:
        super().__init__()
        self._tasks, self._profile, self._stage = tasks, profile_named(profile).name, 3
        self._default_profile = self._profile
        self._rollout: Rollout | None = None
        self._episode_id: str | None = None

    async def reset_async(
        self,
        seed: int | None = None,
        episode_id: str | None = None,
        split: str = "train",
        index: int | None = None,
        tier: str | None = None,
        masked: bool = False,
        profile: str | None = None,
        stage: int = 3,
    ) -> CaseObservation:
        """Open a case. Without an index the seed chooses it, so that a seed is always the same case.

        BadInputError, which the client is told in words, for an unknown split, index, tier, profile or stage.
        """
        self.close()
        number = len(self._tasks.of(split))
        chosen = (seed or 0) % number if index is None else index
        self._profile = profile_named(profile or self._default_profile).name
        self._stage = stage_of(stage)
        scenario = self._tasks.scenario(split, chosen, masked=masked)
        self._rollout = await open_rollout(scenario, setting_of(scenario, tier))
        self._episode_id = episode_id
        return CaseObservation(text=self._rollout.brief, system=self._rollout.system, reward=0.0)

    async def step_async(self, action: ToolCall, timeout_s: float | None = None) -> CaseObservation:
        """Play a call. Unknown tools and bad arguments are ordinary answers."""
        if self._rollout is None:
            raise BadInputError(NO_CASE)
        return self._observed(
            await self._rollout.call(action.tool, action.arguments, same_turn=action.same_turn)
        )

    def reset(self, seed: int | None = None, episode_id: str | None = None, **_: Any) -> CaseObservation:
        """Not here: this environment is asynchronous."""
        raise NotImplementedError("use reset_async")

    def step(self, action: ToolCall, timeout_s: float | None = None, **_: Any) -> CaseObservation:
        """Not here: this environment is asynchronous."""
        raise NotImplementedError("use step_async")

    @property
    def state(self) -> CaseState:
        """Where the session stands."""
        episode = None if self._rollout is None else self._rollout.episode
        return CaseState(
            episode_id=self._episode_id,
            step_count=0 if episode is None else len(episode.steps),
            scenario_id=None if episode is None else episode.scenario.id,
            over=episode is not None and episode.over,
        )

    def close(self) -> None:
        """Close the open case, if there is one; called when a session ends, in whatever way."""
        rollout, self._rollout = self._rollout, None
        if rollout is not None:
            rollout.close()

    def list_splits(self) -> list[str]:
        """The splits on offer."""
        return list(self._tasks.splits)

    def num_tasks(self, split: str) -> int:
        """How many tasks a split has."""
        return len(self._tasks.of(split))

    def list_tasks(self, split: str) -> list[dict[str, Any]]:
        """All tasks of a split."""
        return [_task_as_dict(task) for task in self._tasks.of(split)]

    def get_task(self, split: str, index: int) -> dict[str, Any]:
        """One task."""
        return _task_as_dict(self._tasks.task(split, index))

    def _observed(self, reply: Reply) -> CaseObservation:
        if not reply.over or self._rollout is None:
            return CaseObservation(text=reply.text, step=reply.step, reward=0.0)
        priced = self._rollout.reward(self._profile, self._stage)
        return CaseObservation(
            text=reply.text,
            step=reply.step,
            done=True,
            reward=priced.total,
            parts=dict(priced.parts),
            weights=dict(priced.weights),
        )


def _task_as_dict(task: TaskInfo) -> dict[str, Any]:
    return task.model_dump(mode="json")
