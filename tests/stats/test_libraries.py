import subprocess
import sys

import pytest

from opensec_inspect.errors import BadInputError
from opensec_inspect.stats import count_rate
from opensec_inspect.stats.libraries import library

WITHOUT_LIBRARIES = """
import sys
for name in ("numpy", "scipy", "statsmodels", "pandas", "matplotlib"):
    sys.modules[name] = None
import opensec_inspect.stats
from opensec_inspect.v1.edge.levels import capability_level_v1
print(capability_level_v1(ttfc=9.0).level)
"""


def test_stats_is_imported_and_rates_a_level_without_the_heavy_libraries():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBRARIES], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "partially calibrated", "")


def test_importing_stats_loads_no_heavy_library():
    script = (
        "import sys, opensec_inspect.stats; print([n for n in ('scipy', 'statsmodels') if n in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_missing_library_is_named_with_the_extra_that_brings_it():
    with pytest.raises(BadInputError, match=r"'no_such_library'.*pip install 'opensec-inspect\[report\]'"):
        library("no_such_library")


def test_an_interval_without_statsmodels_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsmodels.stats.proportion", None)

    with pytest.raises(BadInputError, match=r"opensec-inspect\[report\]"):
        count_rate(3, 10)
