"""The tools of a vulnerability task in words, and what a played one is worth."""

from collections.abc import Iterator

from opensec_inspect.core.defenders.json_protocol import described, offered
from opensec_inspect.vuln.edge.scorers import findings_of
from opensec_inspect.vuln.edge.tools import vuln_tools
from opensec_inspect.vuln.episode.episode import Episode
from opensec_inspect.vuln.outcomes.judged import Judged
from opensec_inspect.vuln.outcomes.numbers import NUMBERS


def task_tools() -> str:
    """The six tools as a model is told of them."""
    return described(offered(vuln_tools()))


def task_score(episode: Episode) -> Iterator[str]:
    """The verdict, every number that is defined, and a right answer, line by line."""
    judged = Judged(episode, findings_of(episode))
    verdict = judged.findings.verdict
    for check in () if verdict is None else verdict.checks:
        yield f"{'holds' if check.passed else 'does not hold'}: {check.name} {check.detail}".rstrip()
    for name, number in NUMBERS.items():
        value = number.value(judged)
        if value is not None:
            yield f"{name}: {value:g}"
    yield f"a right answer: {episode.variant.gold.model_dump_json(exclude_none=True)}"
