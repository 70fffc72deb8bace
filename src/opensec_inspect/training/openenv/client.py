"""A typed client for the OpenEnv server, over a WebSocket."""

from typing import Any

from openenv.core import EnvClient
from openenv.core.client_types import StepResult

from opensec_inspect.training.openenv.messages import CaseObservation, CaseState, ToolCall


class CaseClient(EnvClient[ToolCall, CaseObservation, CaseState]):
    """One session. `await client.reset(split="train", index=0)`, then `await client.step(ToolCall(...))`."""

    def _step_payload(self, action: ToolCall) -> dict[str, Any]:
        payload: dict[str, Any] = action.model_dump(mode="json")
        return payload

    def _parse_result(self, payload: dict[str, Any]) -> StepResult[CaseObservation]:
        fields = payload.get("observation", {})
        done, reward = bool(payload.get("done", False)), payload.get("reward")
        observation = CaseObservation.model_validate({**fields, "done": done, "reward": reward})
        return StepResult(observation=observation, reward=reward, done=done)

    def _parse_state(self, payload: dict[str, Any]) -> CaseState:
        state: CaseState = CaseState.model_validate(payload)
        return state
