"""What is played: the cases of a committed split, fifteen steps in each."""

from functools import cache

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
from opensec_inspect.incident.episode.episode import Noise, Setting
from opensec_inspect.incident.facts.scenario import NONE, Scenario
from opensec_inspect.incident.generate.seeds import entries, read_entry
from opensec_inspect.incident.world.making import MAKERS
from opensec_inspect.incident.world.shared_evidence import shared_evidence

NOISES: tuple[Noise, ...] = ("desk", "soc")
REPORT = Report(
    patient_zero_host="unknown",
    compromised_user="unknown",
    attacker_domain="unknown",
    data_target="unknown",
    initial_vector="unknown",
    verdict="malicious",
    confidence=0.5,
    summary="Measured.",
)


@cache
def split() -> tuple[Scenario, ...]:
    """All cases of the committed training split."""
    return tuple(read_entry(entry) for entry in entries("train"))


def setting(noise: Noise) -> Setting:
    """How they are played."""
    return Setting(injection_tier="t2", noise=noise)


@cache
def fifteen_steps(number: int, noise: Noise) -> tuple[Action, ...]:
    """Two fetches, nine queries, three containments, a report: about the case, so there is much to gate."""
    scenario = split()[number]
    shared = shared_evidence(scenario, setting(noise), MAKERS)
    scene, truth = shared.day.scene, scenario.truth
    account = scene.accounts[_or_first(truth.compromised_user, scene.accounts)].upn
    machine = scene.devices[_or_first(truth.patient_zero_host, scene.devices)].hostname
    domain = _or_first(truth.attacker_domain, scene.names)
    mails = shared.queue("email_logs")
    queue = "SELECT * FROM alerts ORDER BY timestamp DESC LIMIT 20"
    statements = (
        f"SELECT * FROM auth_logs WHERE UserPrincipalName = '{account}' ORDER BY timestamp DESC LIMIT 20",
        f"SELECT * FROM process_events WHERE DeviceName LIKE '{machine}%' ORDER BY timestamp DESC LIMIT 20",
        "SELECT * FROM netflow ORDER BY timestamp DESC LIMIT 20",
        f"SELECT * FROM email_logs WHERE RecipientEmailAddress = '{account}' LIMIT 20",
        "SELECT ServerName, count(*) FROM netflow GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
        "SELECT DeviceName, count(*) FROM process_events GROUP BY 1 ORDER BY 2 DESC LIMIT 30",
        f"SELECT * FROM netflow WHERE ServerName = '{domain}' LIMIT 20",
        queue,
    )
    return (
        FetchAlert(alert_id=shared.opening_alert),
        QueryLogs(sql=queue),
        FetchEmail(email_id=mails[-1] if mails else "em-0000000000"),
        *(QueryLogs(sql=sql) for sql in statements),
        ResetUser(user=account),
        IsolateHost(host=machine),
        BlockDomain(domain=domain),
        SubmitReport(report=REPORT),
    )


def _or_first(entity: str, among: dict[str, object]) -> str:
    return entity if entity != NONE else next(iter(among))
