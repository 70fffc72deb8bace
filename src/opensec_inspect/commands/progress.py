"""A progress bar on standard error, for whatever takes a while."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def tracked(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The items, with a bar while they come; nothing is drawn when nobody watches."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(items, what, total=total, console=console, disable=not console.is_terminal))
