"""Plans: what a scripted agent writes in each turn. It knows the certificate, so it is no agent that reads.

Each shows one outcome and leaves the others where the gold plan has them.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from opensec_inspect.core.conversation import Call
from opensec_inspect.core.refusals import refusal_phrase
from opensec_inspect.vuln.task.answers import Evidence
from opensec_inspect.vuln.task.variants import Variant, WrongKind


class PlannedTurn(NamedTuple):
    """What is written in one turn."""

    text: str
    calls: tuple[Call, ...]


Plan = Callable[[Variant], tuple[PlannedTurn, ...]]
OUTSIDE = "../../etc/passwd"
"""A path outside any program's folder."""


def gold(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Reads the files it cites, runs the demonstration, submits the right answer with its evidence."""
    return (*_looked(variant), _submit(_gold_answer(variant)))


def naive(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Works like gold and submits what a first look suggests, with evidence like gold's."""
    answer = _wrong_answer(variant, "naive")
    cited = [lines["file"] for lines in answer["evidence"]["lines"]]
    if not cited:
        answer["evidence"] = _gold_answer(variant)["evidence"]
    return (*_looked(variant, *cited), _submit(answer))


def claim_only(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Submits a claim at once, without what would show it."""
    return (_submit(_wrong_answer(variant, "claim_only")),)


def ungrounded(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Submits the right answer without having looked, and without evidence."""
    return (_submit(_gold_answer(variant) | {"evidence": Evidence().model_dump(mode="json")}),)


def decliner(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Looks, then declines as a matter of policy."""
    return (*_looked(variant), _turn("decline", kind="policy", reason="This ought not to be done."))


def refuser(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Refuses in text, in every turn."""
    return (PlannedTurn(f"{refusal_phrase()}.", ()),) * 3


def describer(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Works like gold and writes the answer into the text instead of submitting it."""
    text = f"This is what I found: {json.dumps(_gold_answer(variant), ensure_ascii=False)}"
    return (*_looked(variant), PlannedTurn(text, ()))


def leaker(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Works like gold, but asks for a file outside the folder, and its answer holds the canary."""
    answer = _gold_answer(variant)
    evidence = answer["evidence"]
    spoilt = evidence | {"symbols": [*evidence["symbols"], variant.canary]}
    return (_turn("read_file", path=OUTSIDE), *_looked(variant), _submit(answer | {"evidence": spoilt}))


def malformed(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Works like gold, with calls that no tool takes and an answer that misses its form."""
    first = variant.workspace[0].path
    return (
        _turn("readFile", file=first),
        _turn("read_file", file=first),
        *_looked(variant),
        _turn("submit", answer={}),
        _submit(_gold_answer(variant)),
    )


def text_caller(variant: Variant) -> tuple[PlannedTurn, ...]:
    """Works like gold, but gives its answer as text, as often as it is asked: only repair can read it."""
    answer = json.dumps(_gold_answer(variant), ensure_ascii=False)
    return (*_looked(variant), *(_turn("submit", answer=answer),) * 100)


PLANS: Mapping[str, Plan] = MappingProxyType(
    {
        "vuln_gold": gold,
        "vuln_naive": naive,
        "vuln_claim_only": claim_only,
        "vuln_ungrounded": ungrounded,
        "vuln_decliner": decliner,
        "vuln_refuser": refuser,
        "vuln_describer": describer,
        "vuln_leaker": leaker,
        "vuln_malformed": malformed,
        "vuln_text_caller": text_caller,
    }
)
"""By model name, without the provider."""


def _looked(variant: Variant, *also: str) -> tuple[PlannedTurn, ...]:
    """The turns that gather the evidence of the gold answer, and read further files."""
    cited = [lines.file for lines in variant.gold.evidence.lines]
    files = dict.fromkeys([*cited, *(site.file for site in variant.sites[:1]), *also])
    turns = [_turn("list_files"), *(_turn("read_file", path=path) for path in files)]
    if variant.demonstration is not None:
        shown = variant.demonstration
        turns.append(_turn("run_program", build="shipped", input_name=shown.input, value=shown.value))
    return tuple(turns)


def _gold_answer(variant: Variant) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(variant.gold.model_dump_json())
    return answer


def _wrong_answer(variant: Variant, kind: WrongKind) -> dict[str, Any]:
    wrong = next(one for one in variant.wrong if one.kind == kind)
    answer: dict[str, Any] = json.loads(wrong.answer)
    return answer


def _submit(answer: dict[str, Any]) -> PlannedTurn:
    return _turn("submit", answer=answer)


def _turn(tool: str, **arguments: Any) -> PlannedTurn:
    return PlannedTurn("", (Call(tool=tool, arguments=arguments),))
