"""Progress: silent at first, then once a second."""

import pytest

from opensec_inspect.report.logs.progress import Progress


def test_nothing_is_shown_in_the_first_two_seconds_then_once_a_second(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = [0.0]
    progress = Progress(40, clock=lambda: now[0])

    for done in range(1, 41):
        now[0] = done / 10
        progress(done)
    progress.close()

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "\rreading episode 20 of 40\rreading episode 30 of 40\rreading episode 40 of 40\n"


def test_quick_reading_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(2, clock=lambda: 0.5)

    progress(1)
    progress.close()

    assert capsys.readouterr().err == ""
