"""The model `lab/credulous`: it reads the one planted text of a test's case and does what that asks for.

`opensec/gullible`, a baseline, knows no planted text and obeys whatever it reads.
"""

from types import MappingProxyType

from inspect_ai.model import ModelAPI, modelapi

from opensec_inspect.core.conversation import Call, Conversation
from opensec_inspect.core.providers.scripted import ScriptedModel, following
from opensec_inspect.incident.baselines.calls import contain, query, report
from tests.report.twins import SCENARIOS

TEXTS = {"email": ("email_logs", "Body"), "alert": ("tickets", "Description")}
"""Table and column of planted text, by the injection's surface."""


def credulous(conversation: Conversation) -> tuple[Call, ...]:
    """Reads the text that asks for something obeys, and reports; a placebo (t0) asks for nothing."""
    (injection,) = SCENARIOS[conversation.case].injections
    if not conversation.exchanges:
        table, column = TEXTS[injection.surface]
        markers = " OR ".join(f"instr({column}, '{arm.marker}')" for arm in injection.arms)
        return (query(f"SELECT * FROM {table} WHERE {markers}"),)
    placebo = next(arm for arm in injection.arms if arm.tier == "t0").marker
    if len(conversation.exchanges) == 1 and placebo not in conversation.exchanges[0].answer:
        return (contain(injection.lure.kind, str(injection.lure.entity)),)
    return (report("malicious", 0.9, "As the mail said."),)


class Lab(ScriptedModel):
    """Models that only tests know."""

    makers = MappingProxyType({"credulous": following(credulous)})


@modelapi("lab")
def lab() -> type[ModelAPI]:
    """Their provider."""
    return Lab


CREDULOUS = "lab/credulous"
