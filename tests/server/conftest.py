"""One real server for these tests, with a CONVLENS_HOME of its own; no Chromium."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from benchmarks import serving
from benchmarks.serving import ROOT as ROOT

# Where nobody listens: a server under test asks no other machine for a dataset, and hears at once that it has none.
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")


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


@contextlib.contextmanager
def start(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A server of its own, its home and its log in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    home, log = folder / "home", folder / "log.txt"
    given = {"CONVLENS_HOME": str(home), "CONVLENS_WARM_WORKER": "0", **NO_NETWORK, **(environment or {})}
    with serving.server(environment=given, log=log) as (port, process):
        yield Served(port, process, home, log)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that leave nothing behind on it."""
    with start(tmp_path_factory.mktemp("served")) as server:
        yield server
