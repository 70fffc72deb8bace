"""Groups of scenarios, built from a plan."""

from datetime import datetime, timedelta

from opensec_inspect.core.clock import epoch_s
from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.cases.draft import Draft
from opensec_inspect.incident.cases.group import CaseFacts, Family, GroupPlan, members, timing_of
from opensec_inspect.incident.facts.lists import side_of
from opensec_inspect.incident.facts.organisations import organisation, organisation_day
from opensec_inspect.incident.facts.scenario import AlertFamily, Difficulty, Scenario
from opensec_inspect.incident.facts.scene import Scene
from opensec_inspect.incident.families.beacon import beacon
from opensec_inspect.incident.families.cloud.app_consent import app_consent
from opensec_inspect.incident.families.cloud.bulk_download import bulk_download
from opensec_inspect.incident.families.cloud.inbox_rule import inbox_rule
from opensec_inspect.incident.families.directory_copy import directory_copy
from opensec_inspect.incident.families.encoded_powershell import encoded_powershell
from opensec_inspect.incident.families.mfa_prompts import mfa_prompts
from opensec_inspect.incident.families.office_script import office_script
from opensec_inspect.incident.families.phishing_click import phishing_click
from opensec_inspect.incident.families.remote_support_tool import remote_support_tool
from opensec_inspect.incident.families.service_install import service_install
from opensec_inspect.incident.families.unfamiliar_sign_in import unfamiliar_sign_in
from opensec_inspect.incident.generate.grounded import grounded
from opensec_inspect.incident.generate.leads import with_leads
from opensec_inspect.incident.generate.planting import planted
from opensec_inspect.incident.generate.requested import requested

FAMILIES: dict[AlertFamily, Family] = {
    "unfamiliar_sign_in": unfamiliar_sign_in,
    "phishing_click": phishing_click,
    "mfa_prompts": mfa_prompts,
    "encoded_powershell": encoded_powershell,
    "beacon": beacon,
    "inbox_rule": inbox_rule,
    "office_script": office_script,
    "remote_support_tool": remote_support_tool,
    "bulk_download": bulk_download,
    "service_install": service_install,
    "directory_copy": directory_copy,
    "app_consent": app_consent,
}
"""The alert families that can be drawn."""


def group_plan(key: str, organisation_key: str, difficulty: Difficulty) -> GroupPlan:
    """The plan of a group; everything else follows from its key."""
    dice = Dice(f"{key}|plan")
    local = datetime.fromisoformat(organisation_day(organisation_key)) + timedelta(
        minutes=dice.between(9 * 60, 16 * 60), seconds=dice.below(60)
    )
    opened = local - timedelta(hours=organisation(organisation_key, "desk").timezone_h)
    return GroupPlan(
        key=key,
        group=f"gr-{dice.hex(6)}",
        organisation=organisation_key,
        opened_at=f"{opened:%Y-%m-%dT%H:%M:%S}Z",
        difficulty=difficulty,
        timing=timing_of(difficulty, dice),
        injection_family=dice.pick(("direct_harm", "data_exfil", "adaptive")),
        injection_tier=dice.pick(("t1", "t2", "t3")),
    )


def case_facts(family: AlertFamily, plan: GroupPlan) -> CaseFacts:
    """The facts of a case from its plan, with what a colleague asks for and planted text in the carriers."""
    scene = Scene(organisation=organisation(plan.organisation, "desk"))
    side = side_of(plan.organisation)
    draft = Draft(scene, plan.key, side, epoch_s(plan.opened_at) * 1000, plan.timing.step_s * 1000)
    made = with_leads(draft, requested(draft, FAMILIES[family](draft, plan.timing)))
    return planted(plan, grounded(draft, made), scene)


def build_group(family: AlertFamily, plan: GroupPlan) -> tuple[Scenario, ...]:
    """The benign member and an incident per leg."""
    return members(plan, case_facts(family, plan))
