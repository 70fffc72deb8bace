"""What a published data set says of itself: the card, and its description in Croissant. Pure."""

from collections.abc import Sequence
from typing import Any

from opensec_inspect.frozen import Frozen

NAME = "opensec-inspect"
VERSION = "2.0.0"
LICENCE = "https://spdx.org/licenses/Apache-2.0"
CARD = """---
license: apache-2.0
pretty_name: opensec-inspect
language: [en]
tags: [security, incident-response, prompt-injection, inspect-ai]
configs:
{configs}
---

# opensec-inspect

**The truth is inside.** `scenario_json` holds the whole case: what happened, what has to be contained, and
every planted text. It is for playing cases and for checking results, never for a prompt. Every scenario
carries a canary string; do not train on the `eval` split, and do not publish the rows without their canary.

- `scenarios`: a case; nested in `scenario_json`.
- `trajectories`: an episode that was played; nested in `setting_json`, `steps_json`, `messages_json`.
- `sft`: an episode to learn from, of the train side: settled, every action on evidence, no planted request
  obeyed; nested in `prompt_json`, `completion_json`, `tools_json`.

A number that is undefined for an episode is null, not 0. What each number means: `docs/metrics.md` of the
package. People, organisations and domains are invented.
"""
_TYPES = {"text": "sc:Text", "whole": "sc:Integer", "number": "sc:Float"}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


class Config(Frozen):
    """One parquet file of the data set."""

    config: str
    """`scenarios`, `trajectories` or `sft`."""
    split: str
    path: str
    """Below the folder."""
    rows: int
    sha256: str
    """Of the file."""
    columns: tuple[tuple[str, str], ...]
    """Name and kind: `text`, `whole` or `number`."""


def croissant(files: Sequence[Config]) -> dict[str, Any]:
    """The description of the files, conforming to Croissant 1.0: a record set per file."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": NAME,
        "description": "Certified incident-response cases, and episodes played on them. The truth is inside.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": LICENCE,
        "url": "https://arxiv.org/abs/2601.21083",
        "citeAs": "Barnes, J. (2026). OpenSec. arXiv:2601.21083",
        "version": VERSION,
        "datePublished": "2026-11-25",
        "distribution": [_file(one) for one in files],
        "recordSet": [_records(one) for one in files],
    }


def _file(one: Config) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": one.path,
        "name": one.path,
        "contentUrl": one.path,
        "encodingFormat": "application/x-parquet",
        "sha256": one.sha256,
    }


def _records(one: Config) -> dict[str, Any]:
    name = _name(one)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": f"{name}/{column}",
                "dataType": _TYPES[kind],
                "source": {"fileObject": {"@id": one.path}, "extract": {"column": column}},
            }
            for column, kind in one.columns
        ],
    }


def _name(one: Config) -> str:
    number = one.path.rsplit("/", 1)[-1].removesuffix(".parquet")
    return f"{one.config}-{number}"
