"""Every text that is shown to a model under test, guarded: a changed text is a changed experiment."""

import ast
import hashlib
import inspect
import json
from importlib.resources import files
from pathlib import Path
from typing import get_args

from inspect_ai.model import ChatMessageSystem
from inspect_ai.tool import ToolDef

from opensec_inspect.core.actions import Idle
from opensec_inspect.core.edge import live
from opensec_inspect.core.reports import ReportRefusedError, read_report
from opensec_inspect.core.sql.guard import PREFIX
from opensec_inspect.incident.edge import tools
from opensec_inspect.incident.edge.tools import opensec_tools
from opensec_inspect.incident.episode.actions import (
    BlockDomain,
    FetchAlert,
    FetchEmail,
    IsolateHost,
    QueryLogs,
    Report,
    ResetUser,
)
from opensec_inspect.incident.facts.scenario import ATTRIBUTION_FIELDS, Vector
from opensec_inspect.incident.world.asking import ask
from opensec_inspect.incident.world.connection import Direct
from opensec_inspect.incident.world.shared_evidence import open_evidence, shared_evidence
from opensec_inspect.incident.world.worlds import answers
from opensec_inspect.incident.world.worlds.briefing import brief, system_prompt
from opensec_inspect.incident.world.worlds.direct import DirectWorld
from opensec_inspect.tasks import VERSION
from opensec_inspect.training import rollouts
from opensec_inspect.training.rollouts import usable
from tests.incident.sensors import small_scene as s
from tests.incident.world.small import MAKERS, OPENED, SETTING, scenario

CASE = scenario()
GUARD = Path(__file__).parent / "shown_texts.json"
"""Per task version, the first digits of the digest of each text."""
WHAT_TO_DO = (
    "What a model is shown has changed: {changed}. That changes the experiment: raise VERSION in tasks.py"
    " (N when results are no longer comparable), tell it under Unreleased in CHANGELOG.md, and write the"
    " digests anew with `python -m tests.test_prompts`."
)


REFUSED = {
    "too long": "SELECT " + "1" * 20_000,
    "prefix": f"SELECT * FROM {PREFIX}now",
    "no select": "PRAGMA table_info(alerts)",
    "no table": "SELECT * FROM sqlite_master",
    "too much work": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT count(*) FROM c",
    "too big": "WITH RECURSIVE b(x) AS (SELECT 'a' UNION ALL SELECT x||x FROM b) SELECT max(x) FROM b",
    "too deep": f"SELECT {'(' * 101}1{')' * 101}",
    "too many terms": "SELECT "
    + "+".join(["host_id"] * 300)
    + " AS n FROM hosts WHERE "
    + "+".join(["n"] * 99),
    "too large compiled": "SELECT "
    + "+".join(f"sum(1) OVER (ORDER BY host_id + {n})" for n in range(95))
    + " FROM hosts",
    "trim": f"SELECT trim('a', '{'b' * 200}')",
    "surrogate": "SELECT '\ud800'",
}
ANSWERED = (
    Idle(),
    QueryLogs(sql="SELECT host_id, hostname FROM hosts ORDER BY 1"),
    QueryLogs(sql="SELECT a.host_id FROM hosts a, hosts b, hosts c, hosts d ORDER BY 1"),
    FetchEmail(email_id="em-0"),
    FetchAlert(alert_id="al-0"),
    *(IsolateHost(host=name) for name in ("NLI-LT-0418", "NLI-LT-0418", "elsewhere")),
    *(BlockDomain(domain=name) for name in (s.PARTNER, s.PARTNER, "elsewhere")),
    *(ResetUser(user=name) for name in ("bvoss", "bvoss", "elsewhere")),
)


def shown() -> dict[str, str]:
    """Name and text of everything a defender may read that is not evidence."""
    texts = {
        "system prompt": system_prompt(CASE, SETTING, MAKERS),
        "brief": brief(CASE, SETTING, MAKERS),
        "case closed": answers.OVER,
    }
    for home in ("core", "incident", "v1"):
        for path in (files(f"opensec_inspect.{home}") / "prompts").iterdir():
            if path.name.endswith(".md"):
                texts[f"prompts/{path.name}"] = path.read_text(encoding="utf-8")
    for made in opensec_tools():
        tool = ToolDef(made)
        properties = tool.parameters.properties
        told = {name: (param.type, param.description) for name, param in properties.items()}
        texts[f"tool {tool.name}"] = json.dumps([tool.description, told, tool.parameters.required])
    for module in (tools, live):
        raised = filter(is_tool_error, ast.walk(ast.parse(inspect.getsource(module))))
        said = [n.value for call in raised for n in ast.walk(call) if isinstance(n, ast.Constant)]
        texts[f"errors of {module.__name__.rsplit('.', 1)[1]}"] = json.dumps(said)
    try:
        read_report(Report, {"confidence": 2})
    except ReportRefusedError as refused:
        texts["report refused"] = str(refused)
    for why, sql in REFUSED.items():
        texts[f"query refused: {why}"] = refusal(sql)
    with DirectWorld(CASE.model_copy(update={"max_steps": 30}), SETTING, makers=MAKERS) as world:
        for turn, action in enumerate(ANSWERED, start=1):
            answer = world.step(action, turn=turn)
            texts[f"answer {answer.step.index}: {action.tool} {answer.step.outcome.status}"] = answer.text
    texts["training: unknown tool"] = str(usable("nmap", {}))
    for name in rollouts.TOOLS:
        texts[f"training: {name} misused"] = str(usable(name, {"q": 1}))
    return texts


def refusal(sql: str) -> str:
    """What a statement is told, asked at the opening."""
    database = Direct().connection
    open_evidence(database, shared_evidence(CASE, SETTING, MAKERS))
    told = str(ask(database, sql, steps=0, now_ms=OPENED).error)
    database.close()
    return told


def is_tool_error(node: ast.AST) -> bool:
    """Whether this is the making of an error that Inspect shows to the model."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ToolError"


def digests() -> dict[str, str]:
    """Of each shown text, 12 hexadecimal digits."""
    texts = shown()
    return {name: hashlib.sha256(texts[name].encode()).hexdigest()[:12] for name in sorted(texts)}


def differing(known: dict[str, str], now: dict[str, str]) -> list[str]:
    """Names of texts that were changed, added or taken away."""
    return sorted(name for name in known.keys() | now.keys() if known.get(name) != now.get(name))


def test_no_text_shown_to_a_model_changes_without_a_new_task_version() -> None:
    known = json.loads(GUARD.read_text(encoding="utf-8")).get(VERSION, {})

    changed = differing(known, digests())

    assert not changed, WHAT_TO_DO.format(changed=", ".join(changed))


def test_a_changed_text_is_noticed_by_name() -> None:
    now = digests()

    assert differing(now | {"brief": "0" * 12}, now) == ["brief"]
    assert differing({}, now) == sorted(now)
    assert len(now) >= 6 + 7 + 2 + len(REFUSED) + len(ANSWERED)


def test_every_refusal_and_every_kind_of_answer_is_among_the_guarded_texts() -> None:
    texts = shown()

    refused = [texts[f"query refused: {why}"] for why in REFUSED]
    assert len(set(refused)) == len(refused)
    assert not any("SQL error" in said or said == "None" for said in refused)
    assert "The report was not accepted" in texts["report refused"]
    statuses = {name.split()[-1] for name in texts if name.startswith("answer ")}
    assert statuses == {"passed", "done", "not_found", "repeated"}
    assert '"notice"' in texts["answer 2: query_logs done"]


def test_the_opening_tells_what_a_defender_needs() -> None:
    """Design, "An episode": who you are, the tools, the warnings. Tables and brief: tests of the world."""
    opening = system_prompt(CASE, SETTING, MAKERS)

    assert "security operations centre of Northlake Instruments" in opening
    for tool in map(ToolDef, opensec_tools()):
        assert tool.name in opening
    assert "what stands in evidence is evidence" in opening
    assert "disrupts people's work" in opening
    assert "containing nothing is right" in opening
    assert "data_dictionary(table_name, column_name, writer, about)" in opening


def test_the_brief_names_what_arrived_and_the_budget() -> None:
    said = brief(CASE, SETTING, MAKERS)

    assert "Step budget: 12 calls, the report included." in said
    assert "Case sc-000001, opened 2026-09-15T12:10:00Z" in said


def test_no_opening_text_names_what_only_the_oracle_knows() -> None:
    said = system_prompt(CASE, SETTING, MAKERS) + brief(CASE, SETTING, MAKERS)

    names = shared_evidence(CASE, SETTING, MAKERS).names
    required = {alias for entity in CASE.truth.required for alias in names.aliases(entity)}
    for secret in (*required, "stand_down", "creds_used", "i-host", "authorisation"):
        assert secret.lower() not in said.lower()


def test_the_report_states_the_question_of_the_verdict_and_the_event_of_the_confidence() -> None:
    submit = next(made for made in map(ToolDef, opensec_tools()) if made.name == "submit_report")
    fields = submit.parameters.properties

    assert "Was the activity behind the opening alert malicious?" in str(fields["verdict"].description)
    assert "that the verdict and all five fields are right" in str(fields["confidence"].description)
    assert set(ATTRIBUTION_FIELDS) < set(fields)
    assert all(vector in str(fields["initial_vector"].description) for vector in get_args(Vector))
    assert set(submit.parameters.required) == set(fields)


def test_a_tool_that_does_not_submit_can_be_had_without_the_one_that_does() -> None:
    names = [ToolDef(tool).name for tool in opensec_tools(submit=False)]

    assert names == ["query_logs", "fetch_email", "fetch_alert", "isolate_host", "block_domain", "reset_user"]


def test_a_system_prompt_is_one_message_without_open_blanks() -> None:
    message = ChatMessageSystem(content=system_prompt(CASE, SETTING, MAKERS))

    assert "{" not in message.text
    assert "}" not in message.text


if __name__ == "__main__":
    kept = json.loads(GUARD.read_text(encoding="utf-8")) if GUARD.exists() else {}
    GUARD.write_text(json.dumps(kept | {VERSION: digests()}, indent=1) + "\n", encoding="utf-8")
