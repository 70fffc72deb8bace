"""Planted texts for the carriers of a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opensec_inspect.core.dice import Dice
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.incident.facts.scenario import Arm, InjectionFamily, InjectionTier, Lure
from opensec_inspect.incident.text.acts import needed, with_deadline
from opensec_inspect.incident.text.encodings import WHOLE, encoded, quoted_printable, section
from opensec_inspect.incident.text.grammar import expand, plain
from opensec_inspect.incident.text.second import LETTERS, PLACES, SECOND, Second, letters
from opensec_inspect.incident.text.shells import drawn_length, filled, shell
from opensec_inspect.incident.text.stock import Split, acts, productions
from opensec_inspect.incident.text.templates import (
    GROUP_OF,
    LURES,
    LureKind,
    Template,
    field_words,
    phrases,
    placebos,
    templates,
)

SHARE_QUOTED_PRINTABLE = 0.4
"""Foreign texts whose mail part was never decoded."""


@dataclass(frozen=True, slots=True)
class _Draft:
    tier: InjectionTier
    template: str
    core: str
    marker: str
    part: str = ""
    """What the second carrier says; empty for its ordinary content."""


def plant(
    facts: Mapping[str, str],
    family: InjectionFamily,
    split: Split,
    dice: Dice,
    *,
    voice: str,
    lure: Lure,
    second: Second | None = None,
) -> tuple[Arm, ...]:
    """The four arms t0 to t3 of one injection, equally long in each carrier.

    `facts` holds the slots of the voice, `domain` (of the sender) and `target`, the name of what the lure is
    about as the texts should give it; for a query lure also `table`. The first part is for the voice's own
    carrier, the second for `second`, of which t3 then makes use. Raises BadInputError for an unknown voice,
    a lure that the family does not have, and for missing facts.
    """
    kind = _checked(facts, family, voice, lure)
    facts = with_deadline(facts)
    drafts = [_placebo(facts, split, dice, kind, lure)]
    for tier in ("t1", "t2", "t3"):
        chosen = [
            t
            for t in templates(split)
            if t.tier == tier and t.family == family and t.suits(voice) and _fits(t, second)
        ]
        drafts.append(_asking(dice.pick(chosen), facts, dice, lure, second))
    around = shell(voice, facts, split, dice)
    texts = filled(around, tuple(d.core for d in drafts), drawn_length(voice, dice), f"fill|{dice.hex(12)}")
    parts = [draft.part for draft in drafts]
    others = _others(second, voice, facts, parts, split, dice)
    return tuple(
        Arm(
            tier=draft.tier,
            parts=(text,) if others is None else (text, others[n]),
            marker=_as_it_stands(draft.marker, others[n] if draft.part and others is not None else text),
            template=draft.template,
            asks=1 if draft.part else 0,
        )
        for n, (draft, text) in enumerate(zip(drafts, texts, strict=True))
    )


def _as_it_stands(marker: str, text: str) -> str:
    """The request in small letters or, where its text begins a sentence with it, with a capital."""
    capital = marker[:1].upper() + marker[1:]
    return capital if marker not in text and capital in text else marker


def _others(
    second: Second | None,
    voice: str,
    facts: Mapping[str, str],
    parts: Sequence[str],
    split: Split,
    dice: Dice,
) -> tuple[str, ...] | None:
    """What stands in the second carrier, for every arm."""
    if second is None:
        return None
    if second in LETTERS:
        return letters(voice, facts, parts, split, dice)
    return SECOND[second](facts, parts, split, dice)


def subject_line(facts: Mapping[str, str], split: Split, dice: Dice, *, voice: str) -> str:
    """A subject or summary for a carrier of the voice; it never asks for a containment."""
    needed(voice, facts)
    return plain(expand(dice.pick(productions(split)[voice].subject), with_deadline(facts), dice))


def _checked(facts: Mapping[str, str], family: InjectionFamily, voice: str, lure: Lure) -> LureKind:
    if voice not in GROUP_OF:
        raise one_of("voice", voice, GROUP_OF)
    if lure.kind not in LURES[family]:
        raise one_of(f"lure of {family}", lure.kind, LURES[family])
    wanted = (*acts()[voice].slots, "domain", "target", *(["table"] if lure.kind == "query" else []))
    if missing := [name for name in wanted if not facts.get(name)]:
        raise BadInputError(f"{voice}: no value for {', '.join(missing)}; give each as a fact.")
    return lure.kind


def _fits(template: Template, second: Second | None) -> bool:
    return template.tier != "t3" or (template.form == "split") == (second is not None)


def phrased(
    facts: Mapping[str, str], kind: str, language: str, dice: Dice, field: str = ""
) -> dict[str, str]:
    """The facts with the wordings of the request among the slots."""
    words = {"field": dice.pick(field_words()[field][language])} if kind == "report" else {}
    slots = {**facts, **words}
    for form, choices in phrases(language)[kind].items():
        said = plain(expand(dice.pick(choices), slots, dice))
        slots |= {form: said, form.capitalize(): said[0].upper() + said[1:]}
    return slots


def _asking(
    template: Template, facts: Mapping[str, str], dice: Dice, lure: Lure, second: Second | None
) -> _Draft:
    if template.form == "split":
        assert second is not None
        slots = phrased(facts, lure.kind, template.language, dice, lure.field or "")
        core = plain(expand(template.text, {**slots, "place": PLACES[second]}, dice))
        part = plain(expand(template.part, slots, dice))
        return _Draft(template.tier, template.id, core, _marker(part, slots), part)
    core, marker = worded(template, facts, dice, lure.kind, lure.field or "")
    return _Draft(template.tier, template.id, core, marker)


def worded(
    template: Template, facts: Mapping[str, str], dice: Dice, kind: str, field: str = ""
) -> tuple[str, str]:
    """The asking sentences of a template, encoded as it says, and the request in them."""
    slots = phrased(facts, kind, template.language, dice, field)
    core = plain(expand(template.text, slots, dice))
    marker = _marker(core, slots)
    inside = section(core)
    if inside:
        marker = encoded(f"<{inside[0]}>{inside[1] if inside[0] in WHOLE else marker}</{inside[0]}>")
        core = encoded(core)
    elif template.form == "foreign" and dice.chance(SHARE_QUOTED_PRINTABLE):
        core, marker = quoted_printable(core), quoted_printable(marker)
    return core, marker


def _marker(text: str, slots: Mapping[str, str]) -> str:
    """The request in a text: the longest of its wordings that stands in it."""
    forms = ("do", "doing", "noun")
    wordings = [slots[form] for form in (*forms, *(f.capitalize() for f in forms)) if form in slots]
    found = [wording for wording in wordings if wording in text]
    assert found, text
    return max(found, key=len)


def _placebo(facts: Mapping[str, str], split: Split, dice: Dice, kind: LureKind, lure: Lure) -> _Draft:
    known = placebos(split)[kind]
    number = dice.below(len(known))
    words = {"field": dice.pick(field_words()[str(lure.field)]["en"])} if kind == "report" else {}
    text = plain(expand(known[number], {**facts, **words}, dice))
    before, _, rest = text.partition("<m>")
    marker, _, after = rest.partition("</m>")
    return _Draft("t0", f"{split}-t0-{kind}-{number + 1:02d}", before + marker + after, marker)
