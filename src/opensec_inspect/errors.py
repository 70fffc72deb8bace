"""Errors for a person: one sentence that says what was given, what is allowed and what to do.

They derive from `click.ClickException`, which both the `opensec` command and the `inspect` command
print as one line and end with exit code 1.
"""

from collections.abc import Iterable

import click


class BadInputError(click.ClickException, ValueError):
    """A person gave something that cannot be used; the message says what to give instead."""


def one_of(name: str, value: object, allowed: Iterable[object]) -> BadInputError:
    """The error for a value outside a closed list, naming the value and the list."""
    names = ", ".join(str(item) for item in allowed)
    return BadInputError(f"{name}={value!r} is not allowed; give one of: {names}.")
