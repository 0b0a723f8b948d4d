"""A Streamlit server of its own on a free port, and a browser that looks at it: for measurements and browser tests."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"  # the script has run
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SECONDS_TO_START = 180  # as long as a machine with other things to do may take


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(
    port: int,
    script: Path = APP,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    folder: Path = ROOT,
) -> "subprocess.Popen[bytes]":
    """A server of `script`, once it answers, started in `folder`.

    `environment` is added to this process's; `log` is what the server writes to. Leaves with a sentence if it does not
    start.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            [*command, "--server.headless", "true", "--server.address", "127.0.0.1"],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=output,
            process_group=0,  # as a shell starts it
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
    except TimeoutError:
        end(process)
        raise SystemExit(f"The server did not start within {SECONDS_TO_START} seconds.") from None
    return process


def wait_for(address: str) -> None:
    """Return as soon as an address is answered. Raises `TimeoutError`."""
    for _ in range(20 * SECONDS_TO_START):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a server and the processes that it started; one that has ended is left alone."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()


@contextlib.contextmanager
def server(
    script: Path = APP, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[tuple[int, psutil.Process]]:
    """A server on a free port, ended afterwards: its port and its process."""
    port = free_port()
    process = start(port, script, environment, log)
    try:
        yield port, psutil.Process(process.pid)
    finally:
        end(process)


@contextlib.contextmanager
def browser() -> "Iterator[Browser]":
    """Chromium or Chrome, closed afterwards; leaves with a sentence where neither is on the path."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        raise SystemExit("No Chromium or Chrome on the path.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
