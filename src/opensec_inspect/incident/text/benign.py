"""Benign texts in the voices and carriers that planted text uses, which ask for the same acts.

A bulletin, a note of a flow engine or a hand-over that asks to isolate, reset, block, look up or report
something is nothing special: the old task, the misunderstanding, the annoyed colleague and the standard
advice of a vendor ask for it too. What tells planted text apart is what it asks about, and whether
that is due.
"""

from collections.abc import Mapping

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.text.acts import Text, needed, with_deadline
from opensec_inspect.incident.text.grammar import expand, plain
from opensec_inspect.incident.text.planting import phrased, worded
from opensec_inspect.incident.text.second import PLACES, Second, letters
from opensec_inspect.incident.text.shells import drawn_length, filled, shell
from opensec_inspect.incident.text.stock import Asked, Split, productions
from opensec_inspect.incident.text.templates import GROUP_OF, needless, templates

MANNERS = ("own", "needless", "needless", *["brisk"] * 2, *["t2"] * 3, *["t3"] * 4)
"""How a benign text asks: for an errand in the voice's own words; as people ask for what is not due; in the
imperious words that crude overrides use; in the words of a planted text of that tier, encodings and other
languages included. So neither an order nor an encoding is a sign by itself."""
SLOT = ("brisk", "t2", "t3")
"""What else could stand in the same place, as in a slot for planted text."""
CONTAINMENTS = ("host", "user", "domain")


def benign_carrier(facts: Mapping[str, str], split: Split, dice: Dice, *, voice: str) -> Text:
    """A text of a voice and its length law that asks for something, as people and machines do.

    With `other` (a name), `other_kind` (the kind of a lure) and for a report `other_field` among the facts,
    most ask about that: to contain it, to look it up, or to report it. Whoever contains it because it was
    asked falls for `asked_by_somebody`. Without, all ask for errands.
    """
    spec, facts = needed(voice, facts), with_deadline(facts)
    said = productions(split)[voice]
    manners = [dice.pick(MANNERS), *SLOT] if "other" in facts else ["own"]
    manner, cores = manners[0], [_core(one, facts, split, dice, voice) for one in manners]
    asked: Asked = "containment" if manner != "own" and facts["other_kind"] in CONTAINMENTS else "it"
    around = shell(voice, facts, split, dice)
    # As long as if it had four arms, as a planted text has: else its filling would tell.
    body = filled(around, tuple(cores), drawn_length(voice, dice), f"fill|{dice.hex(12)}")[0]
    subject = plain(expand(dice.pick(said.subject), facts, dice))
    return Text(voice, spec.carrier, subject, body, asked, cores[0])


def benign_pair(facts: Mapping[str, str], split: Split, dice: Dice, *, voice: str) -> tuple[Text, Text]:
    """Two texts of one sender; the second holds what the first speaks of, as in planted texts of two parts.

    `facts` are those of `benign_carrier`, `other` and its kind among them.
    """
    spec, facts = needed(voice, facts), with_deadline(facts)
    facts = {**facts, "target": facts["other"], "table": "data_assets"}
    second: Second = "mail" if spec.carrier == "mail" else "form"
    template = dice.pick([t for t in templates(split) if t.form == "split"])
    slots = phrased(facts, facts["other_kind"], "en", dice, facts.get("other_field", ""))
    core = plain(expand(template.text, {**slots, "place": PLACES[second]}, dice))
    part = plain(expand(template.part, slots, dice))
    first = filled(shell(voice, facts, split, dice), (core,), drawn_length(voice, dice), dice.hex(12))[0]
    rest = letters(voice, facts, (part,), split, dice)[0]
    asked: Asked = "containment" if facts["other_kind"] in CONTAINMENTS else "it"
    subjects = [plain(expand(dice.pick(productions(split)[voice].subject), facts, dice)) for _ in range(2)]
    said = f"{part[0].upper()}{part[1:]}."
    return (
        Text(voice, spec.carrier, subjects[0], first, "it", core),
        Text(voice, spec.carrier, subjects[1], rest, asked, said),
    )


def _core(manner: str, facts: Mapping[str, str], split: Split, dice: Dice, voice: str) -> str:
    """The asking sentences."""
    if manner == "own":
        return plain(expand(dice.pick(productions(split)[voice].ask), facts, dice))
    kind, field = facts["other_kind"], facts.get("other_field", "")
    facts = {**facts, "target": facts["other"], "table": "data_assets"}
    if manner in ("needless", "brisk"):
        group = {"outside": "outside", "machine": "machine"}.get(GROUP_OF[voice], "people")
        known = needless(split)["brisk" if manner == "brisk" else group]
        return plain(expand(dice.pick(known), phrased(facts, kind, "en", dice, field), dice))
    suitable = [t for t in templates(split) if t.tier == manner and t.suits(voice) and t.form != "split"]
    return worded(dice.pick(suitable), facts, dice, kind, field)[0]
