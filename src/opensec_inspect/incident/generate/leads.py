"""Unrelated alerts near the opening: two to four matters beside the case, the same in all members."""

from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import CaseFacts
from opensec_inspect.incident.facts.scenario import Tempting
from opensec_inspect.incident.generate.matters import Matters

LEADS = (2, 4)
"""How many matters stand beside a case, fewest and most."""


def with_leads(draft: Draft, facts: CaseFacts) -> CaseFacts:
    """The facts with some matters of their own beside the case: which, whose and when is drawn per group."""
    matters = Matters(draft, facts)
    dice = draft.dice("leads")
    events, tempting = list(facts.events), {t.entity: t for t in facts.temptations}
    for matter in dice.shuffled(matters.kinds)[: dice.between(*LEADS)]:
        new, named = matter()
        events += new
        for entity, tag in named:
            if entity in matters.free:
                tempting.setdefault(entity, Tempting(entity=entity, temptation=tag))
    return facts.model_copy(
        update={
            "events": tuple(sorted(events, key=lambda event: (event.at_ms, event.id))),
            "temptations": tuple(tempting.values()),
        }
    )
