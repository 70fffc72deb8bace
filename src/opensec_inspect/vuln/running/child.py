"""The program's side of a run: started by path with `-I -S`, never imported by the package.

Reads one job as JSON from standard input, `{"files": {path: text}, "calls": [[input, value], ...],
"limits": {...}, "trace": bool}`, and writes one JSON line per call: `{"ended", "output", "entered"}`. Each
call meets freshly loaded modules. Before the first module of the program runs, an audit hook is set that
ends the process at any event but reading inside the current folder; the line it leaves says which event it
was."""

import importlib
import importlib.machinery
import json
import os
import sys
import types

EXIT_STOPPED = 77
"""Exit code when the audit hook ended the process."""
HARMLESS = {"object.__getattr__", "sys._getframe", "builtins.id", "sys.setprofile", "sqlite3.connect/handle"}
"""Events without effect outside the process."""
WHILE_LOADING = {"import", "exec", "compile", "object.__setattr__", "code.__new__", "marshal.loads"}
"""Events of loading a module, allowed until the program is called."""
MODULES = (
    *("base64", "binascii", "bisect", "calendar", "collections", "csv", "datetime", "decimal", "fractions"),
    *("functools", "hashlib", "heapq", "hmac", "html", "io", "itertools", "json", "math", "os", "posixpath"),
    *("re", "sqlite3", "string", "textwrap", "unicodedata", "urllib.parse"),
)
"""Modules that programs may import; those they do import are loaded before the hook is set."""


class Stops:
    """The audit hook: what a program may do depends on whether it is still being loaded."""

    def __init__(self) -> None:
        self.loading = True
        self.root = os.path.realpath(".") + os.sep

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in HARMLESS or (self.loading and event in WHILE_LOADING):
            return
        if event == "open" and self._reads_inside(arguments):
            return
        if event in {"os.listdir", "os.scandir"} and self._inside(arguments[0]):
            return
        if event == "sqlite3.connect" and arguments[0] == ":memory:":
            return
        say("stopped", f"the runner ended the program at {event!r}")
        os._exit(EXIT_STOPPED)

    def _reads_inside(self, arguments: tuple[object, ...]) -> bool:
        path, mode, flags = arguments[:3]
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        plain = mode is None or (isinstance(mode, str) and not {*mode} & {*"wax+"})
        return plain and isinstance(flags, int) and not flags & writes and self._inside(path)

    def _inside(self, path: object) -> bool:
        if not isinstance(path, str | bytes):
            return False
        try:
            real = os.path.realpath(os.fsdecode(path))
        except ValueError:
            return False
        return (real + os.sep).startswith(self.root)


class Loader:
    """Finds the program's own modules, compiled once, and nothing else.

    No base class: `importlib.abc` alone would take longer to load than a whole run.
    """

    def __init__(self, files: dict[str, str]) -> None:
        self.code = {
            path[: -len(".py")]: compile(text, path, "exec")
            for path, text in files.items()
            if path.endswith(".py")
        }

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The way to a module of the program; None for any other."""
        return importlib.machinery.ModuleSpec(name, self) if name in self.code else None  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """No module of a special kind."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's code in its namespace."""
        exec(self.code[module.__name__], module.__dict__)

    def fresh_main(self) -> types.ModuleType:
        """The program's main module, with every module of the program loaded anew."""
        for name in self.code:
            sys.modules.pop(name, None)
        return importlib.import_module("main")


def say(ended: str, output: str, entered: tuple[str, ...] = ()) -> None:
    """Leave one answer on standard output."""
    left = json.dumps({"ended": ended, "output": output, "entered": entered}).encode("ascii") + b"\n"
    while left:
        left = left[os.write(1, left) :]


def limit(limits: dict[str, int]) -> None:
    """Set the resource limits; one that the system does not know is left out."""
    import resource

    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            try:
                resource.setrlimit(kind, (value, value))
            except (ValueError, OSError):
                continue


class Entered:
    """A profile function that keeps the program's functions in order of first entry.

    Modules, lambdas and comprehensions are left out: from Python 3.12 on the last are no functions.
    """

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.seen: dict[str, None] = {}

    def __call__(self, frame: types.FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in self.names and not code.co_name.startswith("<"):
            self.seen[f"{code.co_filename}:{code.co_qualname}"] = None


def call(run, name: str, value: str, watch: Entered | None) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    if watch is not None:
        sys.setprofile(watch)
    try:
        return "ok", str(run(name, value))
    except MemoryError:
        return "out of memory", "MemoryError"
    except Exception as error:
        return "crashed", f"{type(error).__name__}: {error}"
    finally:
        sys.setprofile(None)


def main() -> None:
    job = json.loads(sys.stdin.buffer.read())
    loader = Loader(job["files"])
    for module in job["imports"]:
        importlib.import_module(module)
    limit(job["limits"])
    sys.path[:] = []
    sys.stdout = sys.stderr = None  # what a program prints is no answer
    sys.meta_path[:] = [loader]
    stops = Stops()
    sys.addaudithook(stops)
    for name, value in job["calls"]:
        stops.loading = True
        run = loader.fresh_main().run
        stops.loading = False
        watch = Entered({*job["files"]}) if job["trace"] else None
        ended, output = call(run, name, value, watch)
        say(ended, output[: job["cut"]], tuple(watch.seen) if watch else ())
    os._exit(0)


if __name__ == "__main__":
    main()
