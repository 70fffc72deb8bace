"""What an assessor is asked for: who takes part, and on which cases."""

from typing import Annotated

from pydantic import Field, ValidationError

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen

ROLE = "defender"
EXAMPLE = '{"participants": {"defender": "http://127.0.0.1:9009"}, "config": {"split": "eval", "count": 2}}'
MOST_CASES = 200
MAX_BYTES = 65_536


class Assessment(Frozen):
    """Which cases the participant plays, and how."""

    split: str = "eval"
    count: Annotated[int, Field(ge=1, le=MOST_CASES)] = 4
    tier: str = "assigned"
    """`t0` to `t3`, or `assigned` for each case's own."""
    epochs: Annotated[int, Field(ge=1, le=10)] = 1
    turn_timeout_s: Annotated[float, Field(gt=0, le=600)] = 120.0
    """A participant that has not answered by then is taken to be gone for the rest of its case."""


class Request(Frozen):
    """As agent arenas send it."""

    participants: dict[str, str]
    """URL per role; the one role is `defender`."""
    config: Assessment = Assessment()

    @property
    def url(self) -> str:
        """The participant's address."""
        return self.participants[ROLE]


def read_request(text: str) -> Request:
    """The request a message holds; BadInputError, one sentence with an example, when it holds none."""
    if len(text) > MAX_BYTES:
        raise BadInputError(f"The request has {len(text)} characters; at most {MAX_BYTES} are read.")
    try:
        request = Request.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the message"
        raise BadInputError(f"{place}: {first['msg']}. Send for example {EXAMPLE}.") from None
    if set(request.participants) != {ROLE} or not request.url.startswith(("http://", "https://")):
        raise BadInputError(f"participants must be one {ROLE!r} with its http address. Send {EXAMPLE}.")
    return request
