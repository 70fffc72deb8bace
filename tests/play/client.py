"""A defender in a process of its own: plays what `careful` plays, and writes down what it did."""

import json
import subprocess
import sys

from opensec_inspect.core.conversation import Call, Conversation, Exchange
from opensec_inspect.incident.baselines import POLICIES


def main(policy: str, out: str, arguments: list[str]) -> None:
    """Play the cases that `opensec play --json ARGUMENTS` offers; the calls per case go to the file `out`."""
    command = [sys.executable, "-m", "opensec_inspect.cli", "play", "--json", *arguments]
    game = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert game.stdin is not None
    assert game.stdout is not None
    cases: dict[str, list[dict[str, object]]] = {}
    talk = Conversation(brief="")
    for line in game.stdout:
        said = json.loads(line)
        if said["type"] == "done":
            break
        if said["type"] == "case":
            cases[said["case"]] = []
            talk = Conversation(brief=said["brief"])
            calls: list[Call] = []
        elif said["type"] == "answer":
            talk = talk.model_copy(
                update={"exchanges": (*talk.exchanges, Exchange(call=calls.pop(0), answer=said["text"]))}
            )
            if said["over"]:
                continue
        calls = calls or list(POLICIES[policy](talk))
        cases[talk.case].append(calls[0].model_dump())
        game.stdin.write(calls[0].model_dump_json() + "\n")
        game.stdin.flush()
    game.wait()
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump({"cases": cases, "last": said}, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
