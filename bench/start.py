"""What the first user of a machine waits for: nothing is cached yet. A process of its own."""

import os
import tempfile
from collections.abc import Iterator

from bench.rows import Cpu, Row


def figures() -> Iterator[Row]:
    """Rows of the table, at `soc`."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["OPENSEC_CACHE"] = folder
        imported, made, first, second = Cpu(), Cpu(), Cpu(), Cpu()
        with imported.counted():
            from bench.cases import fifteen_steps, setting, split
            from opensec_inspect.incident.world.worlds.direct import DirectWorld
            from opensec_inspect.tasks import opensec
        with made.counted():
            task = opensec(noise="soc")
        yield Row(f"making `opensec` at soc, {len(task.dataset)} samples", f"{made.s:.2f} s", "<= 3 s")
        yield Row("– importing before it", f"{imported.s:.2f} s")
        split()
        for cpu in (first, second):
            with cpu.counted(), DirectWorld(split()[0], setting("soc")) as world:
                world.step(fifteen_steps(0, "soc")[0], turn=1)
        yield Row("– first episode opened, its organisation's history written", f"{first.s:.2f} s")
        yield Row("– the next episode's", f"{second.s * 1000:.1f} ms")
