"""Scenarios packed in a sample's metadata: read back whole, and refused in a sentence when they are not."""

import base64
import zlib

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.incident.generate.packing import MARK, MAX_BYTES, packed, unpacked
from opensec_inspect.incident.generate.seeds import entries, parse_scenario, read_entry


def test_a_packed_scenario_reads_back_as_the_same_scenario() -> None:
    scenario = read_entry(entries("train")[0])
    text = scenario.model_dump_json(exclude_none=True)

    kept = packed(text)

    assert parse_scenario(kept) == parse_scenario(text) == scenario
    assert len(kept) < len(text) / 3


def test_the_json_of_older_logs_is_read_as_it_is() -> None:
    assert unpacked('{"schema_version": 3}') == '{"schema_version": 3}'


@pytest.mark.parametrize("kept", [f"{MARK}no such thing", MARK, packed("{}" * 1_000)[:-9]])
def test_a_damaged_scenario_is_refused_in_a_sentence(kept: str) -> None:
    with pytest.raises(BadInputError, match="The log's scenario is "):
        unpacked(kept)


def test_a_packed_bomb_is_refused_unread() -> None:
    bomb = MARK + base64.b85encode(zlib.compress(b" " * (MAX_BYTES + 1))).decode()

    with pytest.raises(BadInputError, match="more than 4,000,000 bytes"):
        unpacked(bomb)
