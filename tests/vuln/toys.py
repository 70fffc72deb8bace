"""Hand-made builds for tests of the runner."""

from opensec_inspect.vuln.task.builds import Build, SourceFile

CANARY = "0f1e2d3c4b5a69788796"
STAND_IN = "[canary:77aa]"


def toy(body: str, *, imports: str = "", **files: str) -> Build:
    """A build whose `run(name, value)` has the body given, with data files beside it."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    main = f"{imports}\nCOUNT = []\n\n\ndef run(name, value):\n{lines}\n"
    data = [SourceFile(path=path.replace("__", "/"), text=text) for path, text in files.items()]
    return Build(
        name="shipped",
        files=(SourceFile(path="main.py", text=main), *data),
        stand_in=STAND_IN,
        canary=CANARY,
    )
