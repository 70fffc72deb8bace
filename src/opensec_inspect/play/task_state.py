"""The file of a vulnerability task being played: the variant and what was called, nothing of the answer."""

import hashlib
import secrets
from pathlib import Path

from pydantic import ValidationError

from opensec_inspect.core.conversation import Call
from opensec_inspect.errors import BadInputError, one_of
from opensec_inspect.frozen import Frozen
from opensec_inspect.vuln.catalogue import variant, vuln_tasks
from opensec_inspect.vuln.task.variants import Variant

FORMAT = "task 1"


class TaskPlay(Frozen):
    """Everything needed to come back to a task."""

    format: str = FORMAT
    task: str
    """Id, `T01`."""
    seed: int
    """Of the variant."""
    nonce: str
    """From it follows the secret of the play, which the file does not hold."""
    calls: tuple[Call, ...] = ()
    """In their order, those aside that no tool could take."""

    @property
    def variant(self) -> Variant:
        """The variant, with the secret of this play."""
        shipped = variant(self.task, self.seed)
        canary = hashlib.sha256(f"opensec task play {self.nonce}".encode()).hexdigest()[: len(shipped.canary)]
        builds = tuple(build.model_copy(update={"canary": canary}) for build in shipped.builds)
        return shipped.model_copy(update={"builds": builds})


def new_task_play(task: str, seed: int) -> TaskPlay:
    """A task at its opening; BadInputError for a task or seed that there is not."""
    known = [one.id for one in vuln_tasks()]
    if task not in known:
        raise one_of("--task", task, known)
    if seed < 0:
        raise BadInputError(f"--variant {seed} is not allowed; give a whole number of at least 0.")
    return TaskPlay(task=task, seed=seed, nonce=secrets.token_hex(16))


def read_task_play(path: Path) -> TaskPlay:
    """The play that a file holds; BadInputError when it holds none."""
    try:
        play = TaskPlay.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise BadInputError(f"{path} is no state file of `opensec play-task` ({_first(error)}).") from None
    if play.format != FORMAT:
        raise BadInputError(f"{path} has format {play.format!r}; this version reads {FORMAT!r}.")
    return play


def write_task_play(path: Path, play: TaskPlay) -> None:
    """Replace the file at once, so that no crash leaves half of it."""
    if not path.parent.is_dir():
        raise BadInputError(f"The folder {path.parent} does not exist; make it or give another --state.")
    part = path.with_name(f".{path.name}.part")
    part.write_text(play.model_dump_json(indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:160]
