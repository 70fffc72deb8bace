"""Registers: none holds nothing but what a case says."""

import pytest

from opensec_inspect.incident.behaviours.daily.registers import standing
from opensec_inspect.incident.facts.events import Registered
from opensec_inspect.incident.facts.scenario import AlertFamily
from opensec_inspect.incident.generate.build import build_group, group_plan

OF_OCCASIONS = {"privileged sessions", "remote support sessions"}
"""Registers that the routine writes on the day: patch evenings, support sessions."""
FAMILIES: tuple[AlertFamily, ...] = (
    "office_script",
    "remote_support_tool",
    "service_install",
    "directory_copy",
    "encoded_powershell",
    "beacon",
)


@pytest.mark.parametrize("organisation", ["train-2", "eval-5"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_routine_keeps_every_register_that_a_case_writes_in(
    family: AlertFamily, organisation: str
) -> None:
    """Else the name of a register would tell which rows matter."""
    kept = {entry.register for entry in standing(organisation, "desk")} | OF_OCCASIONS

    benign, *_ = build_group(family, group_plan(f"registers|{family}", organisation, "standard"))

    assert {event.register for event in benign.events if isinstance(event, Registered)} <= kept
