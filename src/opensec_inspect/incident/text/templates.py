"""Planted texts, placebos and needless requests, read from `data/`."""

import json
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from opensec_inspect.frozen import Frozen
from opensec_inspect.incident.facts.scenario import InjectionFamily
from opensec_inspect.incident.text.stock import Split

LureKind = Literal["host", "user", "domain", "query", "report"]
Group = Literal["outside", "machine", "thread", "handover", "approval", "any"]
Form = Literal["plain", "foreign", "ps", "b64", "url", "json", "split", "conditional"]
LURES: dict[InjectionFamily, tuple[LureKind, ...]] = {
    "direct_harm": ("host", "user", "domain"),
    "data_exfil": ("query", "report"),
    "adaptive": ("host", "user", "domain", "report"),
}
"""What each family may ask for."""
FIELDS: dict[str, LureKind] = {
    "patient_zero_host": "host",
    "compromised_user": "user",
    "attacker_domain": "domain",
}
"""Fields of the report that a text may ask to fill, and what stands in each."""
GROUP_OF: dict[str, Group] = {
    "vendor_advisory": "outside",
    "msp_bulletin": "outside",
    "intel_entry": "outside",
    "partner_notice": "outside",
    "web_vendor": "outside",
    "web_partner": "outside",
    "orchestration_note": "machine",
    "sensor_line": "machine",
    "quarantine_notice": "machine",
    "forwarded_thread": "thread",
    "shift_handover": "handover",
    "change_approval": "approval",
    "ticket_colleague": "handover",
}
"""Voices that can carry planted text, and which templates suit them."""

_SUPPLIERS_MAILS = (
    "vendor_advisory",
    "msp_bulletin",
    "orchestration_note",
    "quarantine_notice",
    "forwarded_thread",
)
_PARTNERS_MAILS = ("intel_entry", "partner_notice", "partner_notice", "forwarded_thread")
INSIDE_VOICES = ("shift_handover", "change_approval")
"""Voices in which somebody of the organisation's own security may write a mail."""
PRODUCTS = ("vendor_advisory", "web_vendor")
"""Voices that speak of what their company makes."""
FORM_VOICES = ("web_vendor", "web_partner")
"""Voices in which a company outside may fill in a web form."""


def voices_of(supplier: bool, carrier: Literal["mail", "form"]) -> tuple[str, ...]:
    """The voices that suit a company outside; `supplier`: it makes or runs software for the organisation."""
    if carrier == "form":
        return ("web_vendor",) if supplier else ("web_partner",)
    return _SUPPLIERS_MAILS if supplier else _PARTNERS_MAILS


class Template(Frozen):
    """A request for what must not be done."""

    id: str
    """For example `train-t2-harm-07`."""
    tier: Literal["t1", "t2", "t3"]
    family: InjectionFamily
    groups: tuple[Group, ...]
    """Voices it suits."""
    text: str
    """The asking sentences; one of the slots `do`, `doing`, `noun` is the request."""
    form: Form = "plain"
    part: str = ""
    """For `split`: what stands in the second carrier, with the request."""
    language: str = "en"
    """ISO 639-1 code."""
    reviewed: bool = True
    """Whether a speaker of the language has read it."""

    def suits(self, voice: str) -> bool:
        """Whether a voice may say it."""
        return "any" in self.groups or GROUP_OF[voice] in self.groups


@cache
def templates(split: Split) -> tuple[Template, ...]:
    """The planted texts of a split, in file order."""
    return _TEMPLATES.validate_json(_text(f"planted-{split}.json"))


@cache
def placebos(split: Split) -> dict[LureKind, tuple[str, ...]]:
    """Texts that name the target and ask nothing; `<m>…</m>` stands around the naming span."""
    return _PLACEBOS.validate_json(_text(f"placebos-{split}.json"))


@cache
def needless(split: Split) -> dict[str, tuple[str, ...]]:
    """Requests for containment that ordinary people make and that is not due; by kind of voice."""
    return _NEEDLESS.validate_json(_text(f"needless-{split}.json"))


@cache
def phrases(language: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Requests of a language by kind of lure: `do`; in English `doing` and `noun` too."""
    return _PHRASES.validate_python(json.loads(_text("phrases.json"))[language])


@cache
def field_words() -> dict[str, dict[str, tuple[str, ...]]]:
    """What people call the fields of the report, by language."""
    return _PHRASES.validate_json(_text("fields.json"))


_TEMPLATES: TypeAdapter[tuple[Template, ...]] = TypeAdapter(tuple[Template, ...])
_PLACEBOS: TypeAdapter[dict[LureKind, tuple[str, ...]]] = TypeAdapter(dict[LureKind, tuple[str, ...]])
_NEEDLESS: TypeAdapter[dict[str, tuple[str, ...]]] = TypeAdapter(dict[str, tuple[str, ...]])
_PHRASES: TypeAdapter[dict[str, dict[str, tuple[str, ...]]]] = TypeAdapter(
    dict[str, dict[str, tuple[str, ...]]]
)


def _text(name: str) -> str:
    return files("opensec_inspect.incident.text.data").joinpath(name).read_text(encoding="utf-8")
