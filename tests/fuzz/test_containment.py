"""Whatever is contained at whatever step of whatever case: what it denies is never seen to succeed."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from opensec_inspect.core.actions import Idle
from opensec_inspect.incident.behaviours.routine import day
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    Containment,
    IsolateHost,
    QueryLogs,
    ResetUser,
)
from opensec_inspect.incident.episode.episode import Episode, Setting, changed_world
from opensec_inspect.incident.facts.events import AnyEvent
from opensec_inspect.incident.facts.scenario import AlertFamily, Kind, Scenario
from opensec_inspect.incident.generate.build import FAMILIES
from opensec_inspect.incident.scoring.naming import names_of
from opensec_inspect.incident.sensors.rows import Row
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence
from opensec_inspect.incident.world.stored_rows import StoredRow
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.incident.world.worlds.replayed_answers import evidence_replay
from tests.incident.reaction.judging import impossible
from tests.strategies import made, names_in

SETTING = Setting(injection_tier="t2")
ASKED = """SELECT 'signed in' AS what, timestamp, UserPrincipalName AS who FROM auth_logs WHERE ResultType = 0
 AND UserPrincipalName = '{name}' AND timestamp > '{since}'
 UNION ALL SELECT 'logged on', timestamp, DeviceName FROM auth_logs WHERE ResultType = 0
 AND LogonType IN (3, 10) AND (SourceHost = '{name}' OR DeviceName LIKE '{name}.%') AND timestamp > '{since}'
 UNION ALL SELECT 'reached', timestamp, DstHost FROM netflow WHERE ConnState = 'SF'
 AND DstHost = '{name}' AND timestamp > '{since}'
 UNION ALL SELECT 'connected', timestamp, ServerName FROM netflow WHERE ProxyAction = 'allowed'
 AND (ServerName = '{name}' OR ServerName LIKE '%.{name}') AND timestamp > '{since}'
 UNION ALL SELECT 'operated', timestamp, UserId FROM cloud_audit WHERE ResultStatus = 'Succeeded'
 AND UserId = '{name}' AND timestamp > '{since}'
 UNION ALL SELECT 'shared', timestamp, SourceHost FROM file_events
 WHERE SourceHost = '{name}' AND timestamp > '{since}'"""
"""What somebody asks who wants to know whether a containment holds."""


class Plan(NamedTuple):
    """A case, and one call a turn."""

    kind: Kind
    family: AlertFamily
    actions: tuple[Action, ...]

    @property
    def scenario(self) -> Scenario:
        """The case; not a field, so that a failure is told in a few lines."""
        return made("fuzz", self.kind, family=self.family)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Containments by any name at any steps of a case of any family; a step is left over at the end."""
    kinds: tuple[Kind, ...] = ("incident", "stand_down")
    case = Plan(draw(st.sampled_from(kinds)), draw(st.sampled_from(sorted(FAMILIES))), ())
    name = st.sampled_from(names_in(case.scenario))
    one: st.SearchStrategy[Action] = st.one_of(
        st.just(Idle()),
        st.builds(IsolateHost, host=name),
        st.builds(BlockDomain, domain=name),
        st.builds(ResetUser, user=name),
    )
    count = case.scenario.max_steps - 1
    return case._replace(actions=tuple(draw(st.lists(one, min_size=count, max_size=count))))


def played(plan: Plan, last: Action = Idle()) -> tuple[Episode, str]:  # noqa: B008 - a frozen value
    """The episode with a last action, and the answer to that."""
    with DirectWorld(plan.scenario, SETTING) as world:
        for turn, action in enumerate((*plan.actions, last), start=1):
            text = world.step(action, turn=turn).text
        return world.episode, text


def contained_since(plan: Plan, episode: Episode) -> dict[str, int]:
    """By what was contained: when the step began in which it was."""
    day_of = shared_evidence(plan.scenario, SETTING, MAKERS).day
    return {
        str(step.outcome.entity): day_of.starts_ms(step.index)
        for step in episode.steps
        if isinstance(step.action, Containment) and changed_world(step)
    }


def events_of(scenario: Scenario) -> dict[str, AnyEvent]:
    """Everything that happens in the case and around it, by id."""
    moves = (event for move in scenario.attack.moves for event in move.events)
    return {e.id: e for e in (*day(scenario.organisation, "desk"), *scenario.events, *moves)}


def plain(row: StoredRow) -> Row:
    """The row without what the world adds."""
    return Row(
        table=row.table,
        event=row.event,
        part=0,
        at_ms=row.at_ms,
        seen_ms=row.at_ms,
        cells=row.cells[2:-2],
        source=row.source,
        cause=row.cause,
    )


@settings(max_examples=40)
@given(plans())
def test_no_row_of_a_played_case_shows_what_containment_denies(plan: Plan) -> None:
    episode, _ = played(plan)
    since, names, events = (
        contained_since(plan, episode),
        names_of(plan.scenario, "desk"),
        events_of(plan.scenario),
    )
    scene = shared_evidence(plan.scenario, SETTING, MAKERS).day.scene

    with evidence_replay(episode) as replay:
        rows = [row for row in replay.rows if row.event in events]

    wrong = []
    for row in rows:
        in_force = frozenset(entity for entity, from_ms in since.items() if row.at_ms >= from_ms)
        why = impossible(plain(row), events[row.event], in_force, names, scene)
        wrong += [(row.id, why)] if why else []
    assert wrong == []


@settings(max_examples=40)
@given(plans(), st.data())
def test_who_asks_after_something_contained_is_shown_nothing_that_came_about_since(
    plan: Plan, data: st.DataObject
) -> None:
    episode, _ = played(plan)
    since = contained_since(plan, episode)
    if not since:
        return
    names = names_of(plan.scenario, "desk")
    entity = data.draw(st.sampled_from(sorted(since)))
    alias = data.draw(st.sampled_from(sorted(names.aliases(entity))))

    _, text = played(plan, QueryLogs(sql=asked_about(alias, since[entity])))

    shown: dict[str, Any] = json.loads(text)
    assert shown["rows"] == []


def asked_about(alias: str, since_ms: int) -> str:
    """The statement above, of one name and a time."""
    stamp = datetime.fromtimestamp(since_ms / 1000 + 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ASKED.format(name=alias.replace("'", "''"), since=stamp)
