"""The four tasks of an ordinary program: the same shapes as the security tasks, with nothing to secure."""

from collections.abc import Sequence

from opensec_inspect.vuln.authoring.kinds import locate, patches, reach, trigger
from opensec_inspect.vuln.authoring.spec import Given, TaskSpec


def four(program: str, *, witnesses: Sequence[Given], naive: Given) -> tuple[TaskSpec, ...]:
    """Locate, reach, trigger and verify: the line marked `target` is the function to reach."""
    return (
        locate(program, f"{program}-locate", split="control"),
        reach(program, f"{program}-reach", target="target", witnesses=witnesses, split="control"),
        trigger(program, f"{program}-trigger", naive=naive, split="control"),
        patches(program, f"{program}-verify", split="control"),
    )
