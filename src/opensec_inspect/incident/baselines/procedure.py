"""Procedures as generators: each yields a call and is sent its answer, until it yields a report."""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any

from opensec_inspect.core.conversation import Call, Conversation, ToolAnswer
from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.baselines.calls import contain, report

Procedure = Generator[Call, ToolAnswer, None]
Rows = list[dict[str, Any]]
RESERVE = 4
"""Steps kept for containment and the report when a procedure waits for something to arrive."""


class Target(Frozen):
    """What must be contained."""

    kind: str
    """`host`, `domain` or `user`."""
    name: str


class Finding(Frozen):
    """What a procedure concluded."""

    authorised: bool | None = None
    """Whether somebody else allowed this; None while nothing says so or the contrary."""
    own: bool | None = None
    """Whether the session, device, parent or sender is that of the authorised party."""
    in_scope: bool | None = None
    """Whether what was done stays within the record."""
    targets: tuple[Target, ...] = ()
    """To contain when the activity is not authorised; in this order."""
    fields: Mapping[str, str] = {}
    """Fields of the report in that case."""
    stopped: bool = False
    """Whether a control stopped it: an attack, but nothing is left to contain."""
    taken: Call | None = None
    """What would show the data that was read, in a column `place`; None where nobody can have read any."""

    @property
    def malicious(self) -> bool:
        """Whether one leg is positively broken."""
        return False in (self.authorised, self.own, self.in_scope)

    @property
    def benign(self) -> bool:
        """Whether all three legs are ordinary or accounted for."""
        return (self.authorised, self.own, self.in_scope) == (True, True, True)


def played(procedure: Procedure, conversation: Conversation) -> tuple[Call, ...]:
    """The next call of a procedure that has made all calls of the conversation."""
    call = next(procedure)
    for exchange in conversation.exchanges:
        try:
            call = procedure.send(ToolAnswer(exchange))
        except StopIteration:
            return ()
    return (call,)


def concluded(finding: Finding) -> Procedure:
    """Contain what a finding names, and report."""
    if finding.benign:
        yield report("benign", 0.95, "Allowed by somebody else, done by that party, within bounds.")
    elif finding.malicious:
        fields = dict(finding.fields)
        for target in () if finding.stopped else finding.targets:
            yield contain(target.kind, target.name)
        if finding.taken is not None and not finding.stopped:
            rows = (yield finding.taken).rows
            fields["data_target"] = str(rows[0]["place"]) if rows else "unknown"
        yield report("malicious", 0.95, _broken(finding), **fields)
    else:
        yield report("inconclusive", 0.2, "The evidence leaves open whether this was authorised.")


class Manner(Frozen):
    """How a finding is come to and acted on; `careful`'s own by default."""

    conclude: Callable[[Finding], Procedure] = concluded
    to_the_end: bool = False
    """Whether an innocent finding is checked again until the steps run short."""


def settled(read: Callable[[], Generator[Call, ToolAnswer, Finding]], manner: Manner) -> Procedure:
    """Read until the finding is settled or the steps run short, then conclude."""
    while True:
        counting = _Counting()
        finding = yield from counting.following(read())
        short = counting.steps_left <= RESERVE + counting.calls
        if finding.malicious or short or (finding.benign and not manner.to_the_end):
            break
    yield from manner.conclude(finding)


class _Counting:
    """Follows a reading and keeps how many steps were left after it."""

    def __init__(self) -> None:
        self.steps_left = 99
        self.calls = 0

    def following(
        self, reading: Generator[Call, ToolAnswer, Finding]
    ) -> Generator[Call, ToolAnswer, Finding]:
        """The reading's own calls; its finding."""
        call = next(reading)
        while True:
            answer = yield call
            self.calls += 1
            self.steps_left = answer.steps_left if answer.steps_left is not None else self.steps_left
            try:
                call = reading.send(answer)
            except StopIteration as end:
                finding: Finding = end.value
                return finding


def within(found: Iterable[str], allowed: Iterable[str]) -> bool | None:
    """Whether everything found is allowed; None when nothing was found, or no record says what is allowed."""
    seen, permitted = set(found), set(allowed)
    return seen <= permitted if seen and permitted else None


def quoted(text: str) -> str:
    """A SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def domain_of(address: str) -> str:
    """The registered domain of a URL, host name or mail address: its last two labels."""
    host = address.split("://")[-1].split("/")[0].split("@")[-1].split(":")[0].lower()
    return ".".join(host.split(".")[-2:])


def _broken(finding: Finding) -> str:
    if finding.authorised is False:
        return "Whoever is said to have asked for this denies it."
    if finding.own is False:
        return "Not the authorised party's own device, sender or process."
    return "What was done goes beyond what the record allows."
