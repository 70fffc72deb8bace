"""Whether a named place is one that a certificate names."""

from collections.abc import Iterator

from opensec_inspect.vuln.task.answers import Place
from opensec_inspect.vuln.task.builds import Site
from opensec_inspect.vuln.task.truths import LINE_TOLERANCE
from opensec_inspect.vuln.task.variants import Check

MODULE = "<module>"
"""The function of a line outside functions; an answer may leave it empty."""
GUARD_TOLERANCE = 1
"""Lines that a named guard may be off: a condition may span two lines, and the next check stands close by."""


def site_named(
    file: str | None, function: str | None, line: int | None, sites: tuple[Site, ...]
) -> Iterator[Check]:
    """Checks of a named place: file and function exact, the line within `LINE_TOLERANCE`."""
    same_file = [site for site in sites if site.file == file]
    yield Check(name="file", passed=bool(same_file), detail=str(file))
    name = (function or MODULE).removesuffix("()")
    held = [site for site in same_file if name in {site.function, site.function.split(".")[-1]}]
    yield Check(name="function", passed=bool(held), detail=str(function))
    near = [site for site in held if line is not None and abs(site.line - line) <= LINE_TOLERANCE]
    yield Check(name="line", passed=bool(near), detail=str(line))


def touches(place: Place, sites: tuple[Site, ...]) -> bool:
    """Whether the place is one of the sites, at most `GUARD_TOLERANCE` lines off."""
    return any(site.file == place.file and abs(site.line - place.line) <= GUARD_TOLERANCE for site in sites)
