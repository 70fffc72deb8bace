"""A sitting over several cases: in which order, what is told when, and what is still to be played."""

from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import ValidationError

from opensec_inspect.errors import BadInputError
from opensec_inspect.frozen import Frozen
from opensec_inspect.play.cases import CaseReference, Options
from opensec_inspect.play.state import PlayState, new_state, read_state

Feedback = Literal["each", "end", "none"]
FEEDBACKS: tuple[Feedback, ...] = get_args(Feedback)
FILE = "session.json"
T = TypeVar("T")


class Session(Frozen):
    """What was asked for."""

    cases: tuple[CaseReference, ...]
    """In the order played."""
    options: Options
    player: str | None = None
    """Code of the player; no names of persons."""
    feedback: Feedback = "end"
    """When truth and score are told: after each case, after the last one, or never."""
    log_dir: str | None = None
    """Folder for the logs; None leaves it to Inspect."""
    logs: tuple[str, ...] = ()
    """Paths of the logs, once all cases are over."""


class Sitting:
    """A session and its folder, which holds a state file for each case that was begun."""

    def __init__(self, folder: Path, session: Session) -> None:
        self.folder, self.session = folder, session

    @classmethod
    def begun(cls, folder: Path, session: Session) -> "Sitting":
        """A new session in a folder, or the one that the folder holds when the same was asked for."""
        path = folder / FILE
        if path.is_file():
            known = read_session(path)
            if known.model_copy(update={"logs": ()}) != session:
                raise BadInputError(f"{folder} holds another session; give another --session, or none.")
            return cls(folder, known)
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder, session)
        made._write()
        return made

    @classmethod
    def resumed(cls, folder: Path) -> "Sitting":
        """The session that a folder holds."""
        return cls(folder, read_session(folder / FILE))

    @property
    def log_dir(self) -> Path | None:
        """Folder for the logs; None leaves it to Inspect."""
        return None if self.session.log_dir is None else Path(self.session.log_dir)

    @property
    def files(self) -> tuple[Path, ...]:
        """A state file for each case, in order, there or not."""
        return tuple(
            self.folder / f"{number:02d}-{case.id}.json"
            for number, case in enumerate(self.session.cases, start=1)
        )

    def state(self, number: int) -> PlayState:
        """The state of a case, from 0; made when the case was not begun."""
        file = self.files[number]
        if file.is_file():
            return read_state(file)
        scoring = self.session.feedback != "none"
        case = self.session.cases[number]
        return new_state(file, case, self.session.options, player=self.session.player, scoring=scoring)

    def finish(self, logs: tuple[str, ...]) -> None:
        """Note the logs: there is nothing left to play."""
        self.session = self.session.model_copy(update={"logs": logs})
        self._write()

    def _write(self) -> None:
        text = self.session.model_dump_json(indent=1) + "\n"
        (self.folder / FILE).write_text(text, encoding="utf-8")


def read_session(path: Path) -> Session:
    """The session of a file; BadInputError when it is none."""
    try:
        return Session.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise BadInputError(f"{path.parent} holds no session of `opensec play`; give another one.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInputError(f"{path} is no session of `opensec play`: {first['msg']}.") from None


def balanced_order(items: tuple[T, ...], row: int) -> tuple[T, ...]:
    """The items in the order of a row of a balanced Latin square, from 1; rows repeat.

    Over as many rows as there are items each stands at each place once, and each follows each other once; an
    odd number of items takes twice as many rows. Source: E. J. Williams, "Experimental designs balanced for
    the estimation of residual effects of treatments", 1949.
    """
    count = len(items)
    zigzag = [place // 2 + 1 if place % 2 else (count - place // 2) % count for place in range(count)]
    ordered = tuple(items[(place + row - 1) % count] for place in zigzag)
    mirrored = count % 2 == 1 and (row - 1) // count % 2 == 1
    return ordered[::-1] if mirrored else ordered
