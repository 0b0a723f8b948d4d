"""One real server for these tests, with a CONVLENS_HOME of its own; no Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from benchmarks import serving


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: psutil.Process
    home: Path
    log: Path  # what it wrote to its two outputs

    def memory(self) -> float:
        """What the server's process holds, in MB."""
        return self.process.memory_info().rss / 1e6


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that leave nothing behind on it."""
    folder = tmp_path_factory.mktemp("served")
    home, log = folder / "home", folder / "log.txt"
    environment = {"CONVLENS_HOME": str(home), "CONVLENS_WARM_WORKER": "0"}
    with serving.server(environment=environment, log=log) as (port, process):
        yield Served(port, process, home, log)
