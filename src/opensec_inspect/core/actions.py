"""Actions that every task family has: what costs a step without being one of the family's own tools."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from opensec_inspect.frozen import Frozen


def sayable(text: object) -> object:
    """The text with lone surrogates replaced: a model can send them, but no log can hold them."""
    if not isinstance(text, str):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Said = Annotated[str, BeforeValidator(sayable)]
"""What a model wrote."""


class UseExtraTool(Frozen):
    """A call of a tool that a user added; it changes nothing in the world, but time passes."""

    tool: Literal["extra_tool"] = "extra_tool"
    name: Said
    arguments: Said
    """JSON."""


class Idle(Frozen):
    """A turn without a tool call, or a step given away at the end."""

    tool: Literal["idle"] = "idle"
    given_away: bool = False
    """True for steps played after the defender stopped for good."""
    refusing: bool = False
    """Whether the turn's text matches the list of refusal phrases."""


class Rejected(Frozen):
    """A call that an approver rejected: time passes while somebody decides."""

    tool: Literal["rejected"] = "rejected"
    name: Said
    """The tool that was asked for."""
    arguments: Said
    """JSON."""
