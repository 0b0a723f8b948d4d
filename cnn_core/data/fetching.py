"""Bringing a dataset to a folder: in this process, or in one of its own (`python -m cnn_core.data.fetching`)."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from cnn_core.data import catalog
from cnn_core.data.catalog import DatasetInfo, DownloadFailed
from cnn_core.data.download_errors import explain
from cnn_core.data.sources import BuiltIn

ROOT = Path(__file__).resolve().parents[2]
# What a process of its own says, a JSON text a line: true while it converts, else its error.
SAID = "said.jsonl"
LOOK_SECONDS = 0.2

# A dataset, the folder to work in, what to call when the last byte has arrived, and whether nobody wants it any more.
Fetcher = Callable[[DatasetInfo, Path, Callable[[], None], Event], Path]


def fetch(info: DatasetInfo, staging: Path, converting: Callable[[], None], abandoned: Event) -> Path:
    """Download into `staging` and convert; returns the folder inside it with the four `.npy` files.

    It goes on though it is `abandoned`. Raises what torchvision, network and disk raise.
    """
    ready = staging / "ready"
    ready.mkdir()
    if not isinstance(info.fetch, BuiltIn):
        info.fetch(staging, ready, converting)
    return ready


def fetch_apart(info: DatasetInfo, staging: Path, converting: Callable[[], None], abandoned: Event) -> Path:
    """As `fetch`, in a process that ends with it, or when it is abandoned.

    Torchvision takes some 150 MB of memory, which a server would not get back. Raises `DownloadFailed`.
    """
    said = staging / SAID
    with said.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "cnn_core.data.fetching", info.name, str(staging)],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
    try:
        while process.poll() is None and not abandoned.wait(LOOK_SECONDS):
            if said.stat().st_size:
                converting()
    finally:
        process.kill()
        process.wait()
    lines = said.read_text(encoding="utf-8").splitlines()
    if process.returncode:
        error = json.loads(lines[-1]) if lines else None
        raise DownloadFailed(
            error if isinstance(error, str) else f"The download of {info.title} was ended. Try again."
        )
    return staging / "ready"


def main(name: str, staging: str) -> int:
    """Fetch a dataset of the catalogue and say so, or why not; the exit code."""
    info = catalog.info(name)
    try:
        fetch(info, Path(staging), lambda: print(json.dumps(True), flush=True), Event())
    except Exception as error:
        print(json.dumps(explain(info, error)), flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
