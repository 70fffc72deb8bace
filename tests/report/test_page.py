"""The page: what comes from a log is text, nothing is loaded, published results stand beside v1 only."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from opensec_inspect.report.building import write_report
from opensec_inspect.report.logs.records import EpisodeSummary, Records
from opensec_inspect.report.metrics.summaries import headline_of, summarize
from opensec_inspect.report.tables.table import Column, Table, as_latex, as_markdown
from opensec_inspect.report.tables.terminal import tall_lines
from opensec_inspect.stats import rate
from tests.report.own import containment, numbers, record, run

HOSTILE = 'x"><script>alert(1)</script>$\\frac{1}{2}$|[a](javascript:b)\x1b[31m\u202e&amp;'


class Tags(HTMLParser):
    """Collects the elements of a page and what they point to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


def of(*episodes: EpisodeSummary) -> Records:
    """Records of these episodes with their runs."""
    runs = tuple({record.run.eval_id: record.run for record in episodes}.values())
    return Records(runs=runs, episodes=episodes, left_out=(), superseded=())


def tags(page: str) -> Tags:
    """The elements of a page."""
    found = Tags()
    found.feed(page)
    return found


@pytest.fixture
def hostile_page(tmp_path: Path) -> str:
    """The report of a run whose every text is hostile."""
    named = run(model=HOSTILE, path=HOSTILE, version=HOSTILE, options=((HOSTILE, HOSTILE),))
    steps = (containment(1, "none", "false_positive", entity=HOSTILE), containment(2, "verified", "correct"))
    texts = {
        "alert_family": HOSTILE,
        "member": HOSTILE,
        "difficulty": HOSTILE,
        "scenario": HOSTILE,
        "key": HOSTILE,
    }
    episodes = of(record("sc-1", run=named, steps=steps, **texts))
    (tmp_path / "trace.html").touch()
    return write_report(episodes, tmp_path / "out", trace=str(tmp_path / "trace.html")).read_text("utf-8")


def test_hostile_text_stays_text(hostile_page: str) -> None:
    found = tags(hostile_page)

    assert "script" not in found.names
    assert "alert(1)" in hostile_page
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert "\x1b" not in hostile_page
    assert "\u202e" not in hostile_page


def test_links_lead_to_the_page_itself_its_files_and_the_trace_page(hostile_page: str) -> None:
    links = [value or "" for name, value in tags(hostile_page).attributes if name in ("href", "src")]

    assert links
    assert all(re.match(r"#|[a-z-]+\.(svg|png)$|\.\./trace\.html#", link) for link in links), links
    assert not any("javascript:" in link for link in links if not link.startswith("../trace.html#"))


def test_a_command_in_a_note_is_code(tmp_path: Path) -> None:
    wrong = containment(1, "none", "false_positive")

    page = write_report(of(record("sc-1", steps=(wrong,))), tmp_path / "out").read_text("utf-8")

    assert "<code>opensec trace LOG… --out trace.html</code> makes a page of these" in page


def test_the_page_forbids_itself_scripts_and_loading(hostile_page: str) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in hostile_page
    assert "@import" not in hostile_page
    assert not re.search(r"url\((?!#)", hostile_page)


def test_files_in_markdown_and_latex_and_the_terminal_escape_hostile_text() -> None:
    columns = (Column(name="model", label="model"), Column(name="n", label="n", unit="share"))
    table = Table(title=HOSTILE, columns=columns, rows=((HOSTILE, rate([1.0, 0.0])),), notes=(HOSTILE,))

    markdown, latex, terminal = as_markdown(table), as_latex(table), "\n".join(tall_lines(table))

    assert "<script>" not in markdown
    assert r"\|\[a\](javascript:b)" in markdown
    assert r"\$\textbackslash{}frac\{1\}" in latex
    assert "\x1b" not in markdown + latex + terminal


def v1_episodes() -> Records:
    """Two episodes of a run of the published scenarios."""
    own = run(rules="v1", options=(("split", "v1:published"),), arm="assigned")
    held = numbers(violated_t1=0.0, violated_t2=1.0, violated_t3=0.0)
    return of(record("seed-161", held, run=own), record("seed-162", held, run=own))


def test_published_results_stand_beside_a_v1_run(tmp_path: Path) -> None:
    page = write_report(v1_episodes(), tmp_path).read_text("utf-8")

    assert "Beside the published results" in page
    assert "GPT-5.2" in page
    assert "Barnes, OpenSec, arXiv:2601.21083" in page


def test_a_v1_run_is_rated_by_the_published_form() -> None:
    (row,) = summarize(v1_episodes(), metrics=headline_of(v1_episodes())).rows

    assert row.level is not None
    assert (row.level.level, row.level.limiting) == ("uncalibrated", ("ttfc",))
    assert [named.metric for named in row.estimates][:3] == ["contained", "false_positive", "egar_v1"]


def test_published_results_stand_beside_no_other_run(hostile_page: str, tmp_path: Path) -> None:
    page = write_report(of(record("sc-1")), tmp_path / "own").read_text("utf-8")

    assert "GPT-5.2" not in page + hostile_page
    assert "published results" not in page


def test_logs_that_were_left_out_are_named_on_the_page(tmp_path: Path) -> None:
    from opensec_inspect.report.logs.logs import LeftOut

    records = of(record("sc-1")).model_copy(
        update={"left_out": (LeftOut(path="bad.eval", reason="is damaged (cut)"),)}
    )

    page = write_report(records, tmp_path).read_text("utf-8")

    assert "1 logs or places were left out" in page
    assert "Left out: bad.eval is damaged (cut)" in page


def test_the_same_logs_make_the_same_page_byte_for_byte(tmp_path: Path) -> None:
    episodes = of(*(record(f"sc-{n}", steps=(containment(n, "none", "correct"),)) for n in range(3)))

    first, second = (write_report(episodes, tmp_path / name).read_bytes() for name in ("a", "b"))

    assert first == second
