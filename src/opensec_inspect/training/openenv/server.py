"""The OpenEnv server: the app, its limits, and running it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn
from openenv.core.env_server import ConcurrencyConfig, create_app

from opensec_inspect.frozen import Frozen
from opensec_inspect.training.openenv.environment import CaseEnvironment
from opensec_inspect.training.openenv.messages import CaseObservation, CaseState, ToolCall
from opensec_inspect.training.openenv.origins import LOOPBACK, OwnOrigin
from opensec_inspect.training.tasks import OFFERED, Tasks


class Limits(Frozen):
    """What a client may take."""

    sessions: int = 64
    """Open at the same time; one more is refused."""
    message_bytes: int = 262_144
    """Largest message; a longer one ends its session."""
    idle_s: float = 600.0
    """A session that says nothing for so long is closed."""


def app_of(
    *,
    splits: Sequence[str] = OFFERED,
    seeds: Path | None = None,
    profile: str = "calibrated",
    limits: Limits = Limits(),  # noqa: B008
) -> Any:
    """The FastAPI app; BadInputError for an unknown split or profile, before anybody connects."""
    tasks = Tasks(splits, seeds)
    CaseEnvironment(tasks, profile)

    class Session(CaseEnvironment):
        """A session over these tasks; a class, as the framework asks it whether sessions may be many."""

        def __init__(self) -> None:
            super().__init__(tasks, profile)

    return create_app(
        Session,
        ToolCall,
        CaseObservation,
        env_name="opensec",
        concurrency_config=ConcurrencyConfig(
            max_concurrent_envs=limits.sessions, session_timeout=limits.idle_s
        ),
        state_cls=CaseState,
    )


def server_of(app: Any, *, host: str, port: int, limits: Limits) -> uvicorn.Server:
    """A server for the app, not yet running."""
    return uvicorn.Server(
        uvicorn.Config(
            OwnOrigin(app, hosts=LOOPBACK if host in LOOPBACK else None),
            host=host,
            port=port,
            ws_max_size=limits.message_bytes,
            log_level="warning",
        )
    )


def __getattr__(name: str) -> Any:
    # openenv.yaml names the app `…openenv.server:app`; it is made when it is asked for.
    if name == "app":
        return app_of()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
