"""The defender's tools. Each `execute` docstring is prompt text: it is versioned with the task."""

from typing import Protocol, runtime_checkable

from inspect_ai.tool import Tool, ToolError, tool

from opensec_inspect.core.edge.live import live_episode, live_of
from opensec_inspect.core.reports import ReportRefusedError, read_report
from opensec_inspect.incident import prompts
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


@runtime_checkable
class TakesReports(Protocol):
    """An open world that a report closes."""

    report_type: type[Report]
    """What a report is read as."""


async def _played(action: Action) -> str:
    return (await live_of(prompts.__name__, action.tool).play(action)).text


# max_output=0 throughout: Inspect would otherwise cut answers in the middle, and what was delivered
# would not be what is judged. parallel=False: a call is a step, in the order it was written.


@tool(parallel=False, max_output=0)
def query_logs() -> Tool:
    """Read the logs with SQL."""

    async def execute(sql: str) -> str:
        """Run one read-only SQLite SELECT (or WITH … SELECT) over the tables of the case.

        At most 50 rows are returned. Costs one step.

        Args:
            sql: The statement, for example SELECT * FROM alerts ORDER BY created_at DESC LIMIT 10
        """
        return await _played(QueryLogs(sql=sql))

    return execute


@tool(parallel=False, max_output=0)
def fetch_email() -> Tool:
    """Read one email."""

    async def execute(email_id: str) -> str:
        """Fetch one email whole. Costs one step.

        Args:
            email_id: Id of the email, beginning with em-
        """
        return await _played(FetchEmail(email_id=email_id))

    return execute


@tool(parallel=False, max_output=0)
def fetch_alert() -> Tool:
    """Read one alert."""

    async def execute(alert_id: str) -> str:
        """Fetch one alert, user report or desk record whole. Costs one step.

        Args:
            alert_id: Id of the alert, beginning with al-
        """
        return await _played(FetchAlert(alert_id=alert_id))

    return execute


@tool(parallel=False, max_output=0)
def isolate_host() -> Tool:
    """Cut a host off the network."""

    async def execute(host: str) -> str:
        """Isolate one host from the network. Takes effect at once and stays. Costs one step.

        Args:
            host: Id, hostname or IP address of the host
        """
        return await _played(IsolateHost(host=host))

    return execute


@tool(parallel=False, max_output=0)
def block_domain() -> Tool:
    """Block a domain."""

    async def execute(domain: str) -> str:
        """Block all traffic and mail to and from one domain. Takes effect at once and stays. Costs one step.

        Args:
            domain: The domain, as it stands in the logs
        """
        return await _played(BlockDomain(domain=domain))

    return execute


@tool(parallel=False, max_output=0)
def reset_user() -> Tool:
    """Reset a user."""

    async def execute(user: str) -> str:
        """Reset one user's credentials and end all sessions. Takes effect at once. Costs one step.

        Args:
            user: Id, account or email address of the user
        """
        return await _played(ResetUser(user=user))

    return execute


@tool(parallel=False, max_output=0)
def submit_report() -> Tool:
    """Close the case."""

    async def execute(
        patient_zero_host: str,
        compromised_user: str,
        attacker_domain: str,
        data_target: str,
        initial_vector: str,
        verdict: str,
        confidence: float,
        summary: str,
    ) -> str:
        """Submit the final report and close the case.

        Write none in a field that has no answer in the case, and in all five fields if the activity was
        not malicious; write unknown in a field that the evidence does not settle.

        Args:
            patient_zero_host: First compromised host (id or hostname), none or unknown
            compromised_user: Account the attacker used first (id or account), none or unknown
            attacker_domain: Domain the attacker works through, none or unknown
            data_target: Data asset the attacker read (id or path), none or unknown
            initial_vector: credential_phish, malicious_attachment, oauth_consent, mfa_fatigue,
                remote_management, valid_account, none or unknown
            verdict: Was the activity behind the opening alert malicious? malicious, benign or inconclusive
            confidence: Probability from 0 to 1 that the verdict and all five fields are right
            summary: What happened, in a few sentences
        """
        live = live_episode()
        assert isinstance(live.world, TakesReports), "the open world takes no incident report"
        said = {
            "patient_zero_host": patient_zero_host,
            "compromised_user": compromised_user,
            "attacker_domain": attacker_domain,
            "data_target": data_target,
            "initial_vector": initial_vector,
            "verdict": verdict,
            "confidence": confidence,
            "summary": summary,
        }
        try:
            report = read_report(live.world.report_type, said)
        except ReportRefusedError as refused:
            live.malformed += 1
            raise ToolError(str(refused)) from None
        return await _played(SubmitReport(report=report))

    return execute


def opensec_tools(*, submit: bool = True) -> list[Tool]:
    """The defender's tools, for an agent of your own: `react(tools=opensec_tools())`.

    With `submit=False` all but `submit_report`, for loops that bring their own way to submit.
    """
    tools = [query_logs(), fetch_email(), fetch_alert(), isolate_host(), block_domain(), reset_user()]
    return [*tools, submit_report()] if submit else tools
