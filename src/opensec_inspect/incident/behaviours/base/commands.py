"""Command lines: shapes with an argument grammar, filled from facts and dice."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any

from opensec_inspect.core.dice import Dice
from opensec_inspect.incident.behaviours.base.setting import Setting
from opensec_inspect.incident.facts.lists import guid, read_list

EMBEDDED = "abcdefghijklmnopqrstuvwxyz"


def weighted(dice: Dice, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """One of the rows; the first cell of each is its weight."""
    at = dice.below(sum(row[0] for row in rows))
    for row in rows:
        at -= row[0]
        if at < 0:
            return row
    raise AssertionError("weights are positive")


def shapes(kind: str) -> list[list[Any]]:
    """Command-line shapes of `client` and `server` machines."""
    found: list[list[Any]] = read_list("commands")[kind]
    return found


def user_shapes(kind: str) -> list[list[Any]]:
    """What people start: `start` of the day, `office`, `developer`, `administrator`."""
    found: list[list[Any]] = read_list("commands")["user"][kind]
    return found


def filled(setting: Setting, shape: str, dice: Dice, **facts: str) -> str:
    """The command line of a shape."""
    words = read_list("commands")["words"]
    known = _Words(setting, dice, facts, words)
    return shape.format_map(known)


@cache
def encoded(script: str) -> str:
    """A script as PowerShell takes it: base64 of UTF-16."""
    return b64encode(script.encode("utf-16-le")).decode()


def script(dice: Dice, number: int) -> str:
    """A small script of the management agent, run under a number of its own."""
    body = dice.pick(read_list("commands")["scripts"])
    return encoded(f"$id={number};{body} | Out-File C:\\ProgramData\\mgmt\\{number}.log")


class _Words(dict[str, str]):
    def __init__(
        self, setting: Setting, dice: Dice, facts: dict[str, str], words: dict[str, list[str]]
    ) -> None:
        super().__init__(facts)
        self._setting, self._dice, self._lists = setting, dice, words

    def __missing__(self, name: str) -> str:
        if name in self._lists:  # the same word wherever the shape and its parent's say it
            self[name] = str(self._dice.pick(self._lists[name]))
            return self[name]
        if name.startswith("digits"):
            return "".join(str(self._dice.below(10)) for _ in range(int(name[6:])))
        return self._from_facts(name)

    def _from_facts(self, name: str) -> str:
        dice, binaries = self._dice, self._setting.scene.binaries
        if name in {"erp_path", "print_path"}:
            program = binaries[{"erp_path": "erp_client", "print_path": "print_client"}[name]]
            return f"{program.folder}\\{program.file_name}"
        if name == "rmm_folder":
            return binaries["rmm_agent"].folder
        if name in {"inventory_script", "health_script"}:
            return script(dice, dice.between(1000, 9999))
        if name == "cv":
            return b64encode(dice.hex(16).encode()).decode()[:22]
        made = {
            "guid": lambda: guid(dice),
            "hex8": lambda: dice.hex(8),
            "n": lambda: str(dice.between(100, 9999)),
        }
        made |= {"n2": lambda: str(dice.between(10, 99)), "digit": lambda: str(dice.between(1, 9))}
        made |= {"suffix": lambda: self._setting.organisation.suffix}
        return made[name]()
