"""logview: a source goes into an attribute without escaping (CWE-79), beside a body that is escaped."""

from collections.abc import Iterator
from itertools import product

from opensec_inspect.vuln.authoring.kinds import locate, patches
from opensec_inspect.vuln.authoring.source import Words
from opensec_inspect.vuln.authoring.spec import Candidate, Given, Program
from opensec_inspect.vuln.task.builds import ProgramInput
from opensec_inspect.vuln.task.truths import Effect

CWES = ("CWE-79",)
LISTED = (*CWES, "CWE-20", "CWE-74", "CWE-93", "CWE-116", "CWE-117", "CWE-138", "CWE-200", "CWE-352")
INPUT = "<<in_log>>"


def search(words: Words) -> Iterator[ProgramInput]:
    """Every source of up to three pieces that mean something in a page, and the same as a message."""
    pieces = ("'", '"', "<", ">", "&", "/", "&#39;", " x=y", "<b>", "<!--", "a")
    texts = ["".join(one) for size in (1, 2) for one in product(pieces, repeat=size)]
    texts += ["".join(one) for one in product(pieces[:6], repeat=3)]
    for n, text in enumerate(texts):
        yield ProgramInput(input=words["in_log"], value=f"error|{words['host']}{text}|calm")
        if n % 7 == 0:
            yield ProgramInput(input=words["in_log"], value=f"info|{words['host']}|{text}")
            yield ProgramInput(input=words["in_log"], value=text)


LOGVIEW = Program(
    name="logview",
    effect=Effect(kind="html"),
    demonstrations=(
        Given(INPUT, "info|<<host>>' onclick='x|tide is in"),
        Given(INPUT, "error|<<host>>'><b>|tide is in"),
    ),
    benign=(
        Given(INPUT, "info|<<host>>|tide is in"),
        Given(INPUT, 'warning|<<host>> & "sons"|<low> & rising'),
        Given(INPUT, "no log line at all"),
    ),
    search=search,
    path=("run", "drawn", "row", "source_cell"),
    candidates=(
        Candidate("quotes", "incomplete", Given(INPUT, "info|<<host>>' onclick='x|tide is in")),
        Candidate("double", "breaks_function", Given(INPUT, "info|<<host>> & sons|tide is in")),
        Candidate("right", "complete"),
    ),
)
TASKS = (
    locate("logview", "L08", listed=LISTED, accepted=CWES),
    locate("logview", "L08-clean", listed=LISTED, accepted=CWES, split="clean"),
    patches("logview", "V06"),
)
