"""A line on standard error once reading takes long."""

import time
from collections.abc import Callable

import click

QUIET_S = 2.0
"""Nothing is shown before."""


class Progress:
    """Tells how many episodes were read, once a second after the first two."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._clock = total, clock
        self._next = clock() + QUIET_S
        self._shown = False

    def __call__(self, done: int) -> None:
        """Called after each episode."""
        if self._clock() < self._next:
            return
        self._next = self._clock() + 1.0
        self._shown = True
        click.echo(f"\rreading episode {done} of {self._total}", err=True, nl=False)

    def close(self) -> None:
        """End the line."""
        if self._shown:
            click.echo("", err=True)
