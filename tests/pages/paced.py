"""A run whose pace a test sets: each turn waits for a line of a file. A process of its own."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from inspect_ai import eval
from inspect_ai.model import modelapi

from opensec_inspect.models import OpensecModel
from tests.pages.tasks import twin_task


def main(folder: Path) -> None:
    """Play one incident with `hasty`; turn n waits until `folder/turns` holds n lines."""
    turns = folder / "turns"

    @modelapi("paced")
    class Paced(OpensecModel):
        async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> Any:
            turn = sum(message.role == "assistant" for message in input)
            while len(turns.read_text().splitlines()) <= turn:  # noqa: ASYNC110 - the event is elsewhere
                await asyncio.sleep(0.05)
            return await super().generate(input, tools, tool_choice, config)

    eval(twin_task("t2"), model="paced/hasty", limit=1, log_dir=str(folder / "logs"), display="none")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
