"""Calls of a defender's tools, and what its brief says of the case."""

from opensec_inspect.core.conversation import Call, Conversation


def opening_alert(conversation: Conversation) -> str:
    """Id of the alert the case was opened for."""
    return conversation.from_brief(r"Opening alert: (\S+)")


def opened_at(conversation: Conversation) -> str:
    """Scenario time of the opening."""
    return conversation.from_brief(r"opened (\S+Z)\.")


def query(sql: str) -> Call:
    """A `query_logs` call; white space folded."""
    return Call(tool="query_logs", arguments={"sql": " ".join(sql.split())})


def contain(kind: str, name: str) -> Call:
    """A containment call for a `host`, `domain` or `user`."""
    tool = {"host": "isolate_host", "domain": "block_domain", "user": "reset_user"}[kind]
    return Call(tool=tool, arguments={kind: name})


def report(verdict: str, confidence: float, summary: str, **fields: str) -> Call:
    """A `submit_report` call; fields not given are `unknown`."""
    names = ("patient_zero_host", "compromised_user", "attacker_domain", "data_target", "initial_vector")
    arguments = {name: fields.get(name, "unknown") for name in names}
    rest = {"verdict": verdict, "confidence": confidence, "summary": summary}
    return Call(tool="submit_report", arguments=arguments | rest)
