"""What Hypothesis draws: scenarios, names in the forms people write them, actions, statements."""

from functools import cache

from hypothesis import strategies as st

from opensec_inspect.core.actions import Idle, Rejected, UseExtraTool
from opensec_inspect.incident.cases.group import member_of
from opensec_inspect.incident.episode.actions import (
    Action,
    BlockDomain,
    FetchAlert,
    FetchEmail,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
    SubmitReport,
)
from opensec_inspect.incident.facts.scenario import (
    AlertFamily,
    Difficulty,
    InjectionFamily,
    InjectionTier,
    Kind,
    Member,
    Scenario,
)
from opensec_inspect.incident.generate.build import FAMILIES, group_plan
from opensec_inspect.incident.generate.certify import drawn
from opensec_inspect.incident.generate.dataset import SeedPlan
from opensec_inspect.incident.generate.seeds import Seed
from opensec_inspect.incident.scoring.naming import names_of, scene_of

VECTORS = ("credential_phish", "malicious_attachment", "oauth_consent", "mfa_fatigue", "none", "unknown")
LEG_OF: dict[str, Member] = {"incident": "conduct", "stand_down": "benign", "blocked": "blocked"}


@cache
def made(
    seed: str,
    kind: Kind = "incident",
    difficulty: Difficulty = "standard",
    *,
    family: AlertFamily = "phishing_click",
    injections: InjectionFamily = "direct_harm",
    injection_tier: InjectionTier = "t2",
    member: Member | None = None,
    organisation: str = "train-5",
) -> Scenario:
    """A member of a drawn group: the incident of the conduct leg unless told; the same object every time."""
    group = seed_of(seed, difficulty, family=family, injections=injections, organisation=organisation)
    plan = group.plan.model_copy(update={"injection_tier": injection_tier})
    return member_of(plan, group.facts, member or LEG_OF[kind])


@cache
def seed_of(
    seed: str,
    difficulty: Difficulty = "standard",
    *,
    family: AlertFamily = "phishing_click",
    injections: InjectionFamily = "direct_harm",
    organisation: str = "train-5",
) -> Seed:
    """A drawn group, not certified."""
    plan = group_plan(f"tests:{seed}", organisation, difficulty)
    plan = plan.model_copy(update={"injection_family": injections})
    return drawn(SeedPlan(family=family, plan=plan, members=("benign", "conduct")))


def several(count: int, kind: Kind = "incident") -> tuple[Scenario, ...]:
    """Scenarios of all difficulties (benign members are standard), families and sides."""
    levels: tuple[Difficulty, ...] = (
        ("standard",) if kind == "stand_down" else ("standard", "hard", "easy", "trivial")
    )
    return tuple(
        made(
            f"several:{n}",
            kind,
            levels[n % len(levels)],
            family=list(FAMILIES)[n % len(FAMILIES)],
            injections=("direct_harm", "data_exfil", "adaptive")[n % 3],  # type: ignore[arg-type]
            organisation=("train-5", "eval-2")[n % 2],
        )
        for n in range(count)
    )


scenarios = st.builds(
    made, st.sampled_from([f"drawn:{n}" for n in range(6)]), kind=st.sampled_from(["incident", "stand_down"])
)


def names_in(scenario: Scenario) -> tuple[str, ...]:
    """Every alias of every host, user, domain and asset of a scenario."""
    names = names_of(scenario, "desk")
    scene = scene_of(scenario, "desk")
    entities = (*scene.devices, *scene.accounts, *scene.names, *scene.assets)
    return tuple(alias for entity in entities for alias in names.aliases(entity))


@st.composite
def written(draw: st.DrawFn, scenario: Scenario) -> str:
    """A text that may hold names of the scenario in any form, and marks that touch them."""
    name = st.sampled_from(names_in(scenario))
    forms = st.sampled_from([str, str.upper, str.title, lambda text: text.replace(".", "[.]")])
    formed = st.builds(lambda text, form: form(text), name, forms)
    marks = st.sampled_from([" ", ".", "@", "-", "_", "/", "[.]", "a", "9", "\n", "é", "ı", "İ", "K", "x."])
    free = st.text(max_size=6)
    return "".join(draw(st.lists(st.one_of(formed, marks, free), max_size=8)))


def reports() -> st.SearchStrategy[Report]:
    """Reports of the right shape, mostly wrong."""
    said = st.sampled_from(["unknown", "UNKNOWN ", "nonsense", ""])
    return st.builds(
        Report,
        patient_zero_host=said,
        compromised_user=said,
        attacker_domain=said,
        data_target=said,
        initial_vector=st.sampled_from(VECTORS),
        verdict=st.sampled_from(["malicious", "benign", "inconclusive"]),
        confidence=st.floats(0, 1),
        summary=st.text(max_size=20),
    )


def actions(scenario: Scenario, *, report: bool = True) -> st.SearchStrategy[Action]:
    """Any action: known and unknown names, good and broken SQL."""
    name = st.one_of(st.sampled_from(names_in(scenario)), st.text(max_size=12))
    sql = st.one_of(st.sampled_from(HONEST), st.text(max_size=40).map(lambda text: f"SELECT {text}"))
    choices: list[st.SearchStrategy[Action]] = [
        st.builds(QueryLogs, sql=sql),
        st.builds(FetchEmail, email_id=name),
        st.builds(FetchAlert, alert_id=name),
        st.builds(IsolateHost, host=name),
        st.builds(BlockDomain, domain=name),
        st.builds(ResetUser, user=name),
        st.builds(UseExtraTool, name=st.just("whois"), arguments=st.just("{}")),
        st.builds(Rejected, name=st.just("isolate_host"), arguments=st.just("{}")),
        st.builds(Idle, refusing=st.booleans()),
    ]
    if report:
        choices.append(st.builds(SubmitReport, report=reports()))
    return st.one_of(choices)


HONEST = (
    "SELECT * FROM alerts ORDER BY timestamp",
    "SELECT * FROM process_events",
    "SELECT * FROM netflow",
    "SELECT * FROM auth_logs",
    "SELECT * FROM registers",
    "SELECT * FROM hosts",
    "SELECT DeviceName, count(*) FROM process_events GROUP BY DeviceName",
)

_TOKENS = (
    *("SELECT", "FROM", "WHERE", "WITH", "RECURSIVE", "AS", "UNION ALL", "VALUES", "ORDER BY", "GROUP BY"),
    *("LIMIT", "EXISTS", "IN", "LIKE", "CASE", "WHEN", "END", "OVER", "PRAGMA", "ATTACH", "EXPLAIN", "NULL"),
    *("alerts", "hosts", "process_events", "sqlite_master", "osx_alerts", "OSX_now", "temp", "main", "x"),
    *("count(*)", "max(", "random()", "datetime(", "'now'", "char(0)", "load_extension(", "current_time"),
    *("(", ")", ",", ";", "*", "=", "||", "'", '"', "`", "[", "--", "/*", "*/", "?", ":a", "1", "9e999"),
    *("x'ff'", "DeviceName", "Subject", "visible", "trust", "time_key", "rowid", "\x00", "\ud800", "é"),
)


def statements() -> st.SearchStrategy[str]:
    """Anything a model may send as SQL: words of the language in any order, and any text at all."""
    words = st.lists(st.sampled_from(_TOKENS), max_size=14).map(" ".join)
    anything = st.text(st.characters(exclude_categories=()), max_size=30)
    tail = st.one_of(words, anything)
    return st.one_of(
        tail, st.builds("SELECT {}".format, tail), st.builds("SELECT * FROM alerts {}".format, tail)
    )
