"""Readers of few sources, and one that goes on checking to the last step.

A reader of one leg settles that leg with `careful`'s own procedure and takes the other two as ordinary: it
shows what knowing one source is worth. Its containment is `careful`'s.
"""

from collections.abc import Callable

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.incident.baselines.careful import procedure
from opensec_inspect.incident.baselines.procedure import Finding, Procedure, concluded, played

Ignoring = Callable[[Finding], Finding]


def identity_only(conversation: Conversation) -> tuple[Call, ...]:
    """Judges by whose session, sender or process it was, and by nothing else."""
    return _reader(conversation, lambda f: f.model_copy(update={"authorised": True, "in_scope": True}))


def tickets_only(conversation: Conversation) -> tuple[Call, ...]:
    """Judges by what the desk was told, and by nothing else."""
    return _reader(conversation, lambda f: f.model_copy(update={"own": True, "in_scope": True}))


def endpoint_only(conversation: Conversation) -> tuple[Call, ...]:
    """Judges by what was done, and by nothing else."""
    return _reader(conversation, lambda f: f.model_copy(update={"authorised": True, "own": True}))


def vigilant(conversation: Conversation) -> tuple[Call, ...]:
    """`careful`, but it goes on checking the record's bounds to the last step before it clears anybody."""
    return played(_patient(conversation), conversation)


def _reader(conversation: Conversation, ignoring: Ignoring) -> tuple[Call, ...]:
    def conclude(finding: Finding) -> Procedure:
        yield from concluded(ignoring(finding))

    return played(procedure(conversation, conclude=conclude), conversation)


def _patient(conversation: Conversation) -> Procedure:
    yield from procedure(conversation, conclude=concluded, to_the_end=True)
