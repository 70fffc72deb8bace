"""Every test of this folder keeps its history files in a folder of its own run."""

from collections.abc import Iterator

import pytest

from opensec_inspect.incident.world.caching import VARIABLE


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
