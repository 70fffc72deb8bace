"""`opensec watch`: what it serves, whom it refuses, and how it follows logs that come, change and go."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.report.trace.page.folder import Folder
from opensec_inspect.report.trace.page.server import Server, serve
from tests.pages.trace_browser import Browser, Keys
from tests.report.twins import INCIDENT, scenario_of


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A server on a free port, looking at the folder every second."""
    server = serve(folder, 0)
    thread = threading.Thread(target=server.watch)
    thread.start()
    assert server.looked.wait(120), "the logs were never read"
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server(logs: Path) -> Iterator[Server]:
    with serving(logs) as running:
        yield running


def asked(server: Server, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """The answer to a request, its body read into `body`."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def lines_in(folder: Folder) -> list[dict[str, Any]]:
    folder.refresh()
    return list(json.loads(folder.shelf.lines))


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_the_list_and_each_episode_are_served(server: Server) -> None:
    lines = json.loads(asked(server, "/lines").body)  # type: ignore[attr-defined]
    view = json.loads(asked(server, f"/episode?key={lines[0]['key']}").body)  # type: ignore[attr-defined]

    assert len(lines) == 12
    assert view["line"] == lines[0]


def test_an_unchanged_list_is_not_sent_twice(server: Server) -> None:
    first = asked(server, "/lines")
    again = asked(server, "/lines", If_None_Match=str(first.headers["ETag"]))

    assert again.status == 304


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "evil.example:{port}", ""])
def test_a_request_for_another_host_is_refused(server: Server, host: str) -> None:
    answer = asked(server, "/lines", Host=host.format(port=server.server_port))

    assert answer.status == 421
    assert answer.body == b"This is another host.\n"  # type: ignore[attr-defined]


def test_localhost_is_this_host_too(server: Server) -> None:
    assert asked(server, "/", Host=f"localhost:{server.server_port}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/page.html",
        "/lines/../episode",
        "/%00",
    ],
)
def test_no_address_leads_to_a_file(server: Server, path: str) -> None:
    assert asked(server, path).status == 404


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "nobody", "%3Cscript%3E", "/etc/passwd"])
def test_an_unknown_episode_is_not_found_and_not_repeated(server: Server, key: str) -> None:
    answer = asked(server, f"/episode?key={key}")

    assert answer.status == 404
    assert answer.body == b"There is no such episode.\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "<script>"])
def test_nothing_but_reading_is_answered(server: Server, method: str) -> None:
    answer = asked(server, "/lines", method=method)

    assert answer.status in (400, 501)
    assert answer.body == b"This cannot be answered.\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", "/lines", "/nowhere"])
def test_every_answer_carries_the_policy(server: Server, path: str) -> None:
    headers = asked(server, path).headers

    policy = dict(part.strip().split(" ", 1) for part in str(headers["Content-Security-Policy"]).split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"].startswith("'sha256-")
    assert "unsafe" not in str(policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_a_port_in_use_is_said_with_the_next_free_one(logs: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(
            BadInputError, match=rf"Port {port} is in use; the next free one is \d+: --port \d+"
        ):
            serve(logs, port)


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is no folder; give the folder that `inspect eval` writes"):
        serve(tmp_path / "nowhere", 0)


def test_a_log_that_comes_is_shown_and_one_that_goes_is_not(logs: Path, tmp_path: Path) -> None:
    source = sorted(logs.iterdir())[0]
    folder = Folder(tmp_path)

    empty = lines_in(folder)
    copy = shutil.copy(source, tmp_path)
    there = lines_in(folder)
    Path(copy).unlink()

    assert (len(empty), len(there), len(lines_in(folder))) == (0, 2, 0)


def test_a_log_half_written_is_shown_once_it_is_whole(logs: Path, tmp_path: Path) -> None:
    content = sorted(logs.iterdir())[0].read_bytes()
    name = tmp_path / sorted(logs.iterdir())[0].name
    folder = Folder(tmp_path)

    name.write_bytes(content[: len(content) // 2])
    half = lines_in(folder)
    name.write_bytes(content)

    assert (len(half), len(lines_in(folder))) == (0, 2)


def test_a_log_that_breaks_keeps_what_it_showed_until_it_is_whole_again(logs: Path, tmp_path: Path) -> None:
    first, last = sorted(logs.iterdir())[0], sorted(logs.iterdir())[-1]
    name = tmp_path / first.name
    folder = Folder(tmp_path)

    name.write_bytes(first.read_bytes())
    whole = {line["model"] for line in lines_in(folder)}
    name.write_bytes(b"not a log")
    broken = {line["model"] for line in lines_in(folder)}
    name.write_bytes(last.read_bytes())

    assert whole == broken == {"opensec/careful"}
    assert {line["model"] for line in lines_in(folder)} == {"lab/credulous"}


def test_a_link_out_of_the_folder_is_not_followed(logs: Path, tmp_path: Path) -> None:
    source = sorted(logs.iterdir())[0]
    (tmp_path / source.name).symlink_to(source)

    assert lines_in(Folder(tmp_path)) == []


def test_the_served_page_shows_a_log_as_soon_as_it_is_there(
    chromium: Browser, logs: Path, tmp_path: Path
) -> None:
    with serving(tmp_path) as server:
        chromium.open(server.address)
        empty = chromium.text("#summary")
        shutil.copy(sorted(logs.iterdir())[0], tmp_path)
        chromium.wait(lambda: chromium.text("#summary").startswith("2 episodes of "))
        chromium.wait(lambda: chromium.texts(".step.now"))

        assert empty == "0 episodes, 0 logs"
        assert chromium.text("#live") == "live, nothing running"
        resources = chromium.js("return performance.getEntriesByType('resource').map(e => e.name)")
        assert {address.split("?")[0] for address in resources} <= {
            f"{server.address}lines",
            f"{server.address}episode",
        }
        assert chromium.troubles() == []


def test_a_server_that_ends_is_said_and_the_page_stays(chromium: Browser, logs: Path) -> None:
    with serving(logs) as server:
        chromium.open(server.address)
    chromium.wait(lambda: "does not answer" in chromium.text("#live"))

    assert len(chromium.texts(".line")) == 12
    chromium.troubles()


@pytest.fixture
def paced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which an evaluation runs that takes a turn for each line of `turns`."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "turns").touch()
    # A data folder of its own keeps other evaluations on this machine out; a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="osx") as data:
        monkeypatch.setenv("XDG_DATA_HOME", data)
        with running(tmp_path):
            yield tmp_path


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """The evaluation of `tests.pages.paced`, in a process of its own."""
    command = [sys.executable, "-m", "tests.pages.paced", str(folder)]
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root / "src"), str(root)])
    process = subprocess.Popen(command, cwd=folder, env=os.environ | {"PYTHONPATH": paths})
    try:
        yield
    finally:
        process.kill()
        process.wait()


def take_turns(folder: Path, number: int) -> None:
    (folder / "turns").write_text("go\n" * number)


def test_a_running_episode_grows_step_by_step_and_then_is_finished(chromium: Browser, paced: Path) -> None:
    with serving(paced / "logs") as server:
        chromium.open(server.address)
        take_turns(paced, 2)
        chromium.wait(lambda: len(chromium.texts(".strip button")) == 2)
        running = (chromium.text(".line .reward"), chromium.text("#live"), chromium.text(".verdict"))
        chromium.press(Keys.END)
        take_turns(paced, 4)
        chromium.wait(lambda: len(chromium.texts(".strip button")) == 4)
        followed = chromium.js("return document.querySelector('.step.now').dataset.step")
        take_turns(paced, 99)
        chromium.wait(lambda: chromium.text(".line .reward").startswith("+"))

        assert running[0] == "running"
        assert running[1] == "live, 1 running"
        assert running[2].endswith(f"Running: step 2 of {scenario_of(INCIDENT).max_steps}.")
        assert followed == "3"
        assert len(chromium.texts(".line")) == 1
        assert chromium.troubles() == []
