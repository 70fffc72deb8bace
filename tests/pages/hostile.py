"""A log that means harm: whatever an outsider can write holds something to be shown, not done."""

import json
from pathlib import Path
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log
from inspect_ai.model import ContentReasoning, ContentText

from opensec_inspect.incident.generate.packing import unpacked

MEGABYTE = "all work and no play " * 50_000
NASTY = (
    "<script>window.harm = 1</script>",
    "</script><script>window.harm = 2</script>",
    "<!--<script>",
    '<img src=x onerror="window.harm = 3">',
    "<svg onload=window.harm=4>",
    'javascript:window.harm=5 <a href="javascript:window.harm=6">x</a>',
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x00 \x7f \x9b2J",
    "‮gnp.exe‬ ⁦isolated⁩ ​ ﻿",
    "{{script}} {{data}} {{policy}}",
    "'; DROP TABLE x; -- \" onmouseover=alert(1) &lt;b&gt; &#x3c;i&#x3e;",
    "http://collector.invalid/x.png //collector.invalid/y",
)
ALL = " ~ ".join(NASTY)


def hostile_log(source: Path, folder: Path) -> Path:
    """A log made of another by putting hostile text wherever an outsider or a model could have written."""
    log = read_eval_log(str(source), resolve_attachments="full")
    log.eval.model = f"openai/{ALL}"
    log.eval.task_args = {"note": ALL}
    for sample in log.samples or []:
        sample.metadata["scenario"] = json.dumps(_poisoned(json.loads(unpacked(sample.metadata["scenario"]))))
        for event in sample.events:
            if isinstance(event, ModelEvent):
                event.output.choices[0].message.content = [
                    ContentReasoning(reasoning=f"{ALL} {MEGABYTE}"),
                    ContentText(text=ALL),
                ]
        sample.uuid = f'"><script>window.harm = 7</script>{sample.id}'
    return _written(log, folder / "hostile.eval")


def _poisoned(scenario: dict[str, Any]) -> dict[str, Any]:
    for event in scenario["events"]:
        for field in ("body", "subject", "summary", "command", "sender_name", "user_agent"):
            if field in event:
                event[field] = f"{ALL} {event[field]}"
    return scenario


def _written(log: EvalLog, path: Path) -> Path:
    write_eval_log(log, str(path))
    return path
