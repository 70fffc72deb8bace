"""What counts as a turn of the defender: an answer of its model, and nothing else."""

import pytest
from inspect_ai.event import ModelEvent
from inspect_ai.model import GenerateConfig, ModelOutput

from opensec_inspect.core.edge.live import is_turn


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"error": "429 Too Many Requests"}, False),
        ({"pending": True}, False),
        ({"role": "attacker"}, False),
    ],
    ids=["answered", "failed and made again", "still running", "the attacker's model"],
)
def test_an_answer_of_the_defenders_model_alone_is_a_turn(changes: dict[str, object], counts: bool) -> None:
    called = ModelEvent(
        model="m",
        input=[],
        tools=[],
        tool_choice="auto",
        config=GenerateConfig(),
        output=ModelOutput.from_content("m", "x"),
    )

    assert is_turn(called.model_copy(update=changes)) is counts
