"""The logs that exports are tested on."""

from tests.training.conftest import played_logs

__all__ = ["played_logs"]
