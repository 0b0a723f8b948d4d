"""Server time of a rerun of every page, memory, and thirty users clicking while a training runs.

    python -m benchmarks.rerun [--reruns 30] [--users 30] [--seconds 30] [--skip-users]

Starts the app and an empty app side by side and speaks to both over their WebSockets, as a browser does, without one.
A rerun's time is from the request to the server's "script finished". "Above empty" is a page's p50 (p95) minus the
empty app's p50 (p95), the two asked in turn. Prints tables; the goals beside them are design.md's.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import server
from pages.ui import site

EMPTY = "import streamlit as st\nst.title('Empty')\n"
PAGES = tuple(page.name for page in site.PAGES)


class Session:
    """One browser tab: a WebSocket on which scripts are asked for and awaited."""

    def __init__(self, connection: ClientConnection, page: str) -> None:
        self.connection, self.page, self.hash = connection, page, ""
        self.elements = 0  # sent by the last rerun

    def _acknowledge_at_once(self) -> None:
        # Else the kernel holds acknowledgements back for 40 ms now and then, and the server waits for them: that
        # is the loopback's time, not the script's. The option lasts for one acknowledgement.
        if hasattr(socket, "TCP_QUICKACK"):
            self.connection.transport.get_extra_info("socket").setsockopt(
                socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1
            )

    async def rerun(self) -> float:
        """Ask for one full rerun; the seconds until the server says that the script has finished."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = self.hash
        message.rerun_script.page_name = "" if self.page == "home" else self.page
        self._acknowledge_at_once()
        self.elements = 0
        began = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        while True:
            self._acknowledge_at_once()
            answer = ForwardMsg.FromString(await self.connection.recv())  # type: ignore[arg-type]
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.hash = answer.navigation.page_script_hash
            self.elements += kind == "delta"
            if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{self.page}: {answer.delta.new_element.exception.message}")
            if kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return time.perf_counter() - began


@contextlib.asynccontextmanager
async def session(port: int, page: str, cookie: str = "") -> AsyncIterator[Session]:
    """A new session on `page`, its first run done; `cookie` is what the browser sends along."""
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    headers = {"Cookie": cookie} if cookie else {}
    async with connect(
        url,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        additional_headers=headers,
    ) as connection:
        tab = Session(connection, page)
        await tab.rerun()
        yield tab


def p50(times: list[float]) -> float:
    """The median of times in seconds, in milliseconds."""
    return statistics.median(times) * 1000


def p95(times: list[float]) -> float:
    """What 95 of 100 times in seconds stay below, in milliseconds."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000


async def pages(port: int, empty_port: int, reruns: int) -> None:
    """The table of pages at rest."""
    print(
        f"{'page':16} {'p50 ms':>8} {'p95 ms':>8} {'empty p50':>10} {'p95':>6} {'above: p50':>11} {'p95':>6}"
    )
    for page in PAGES:
        async with session(port, page) as tab, session(empty_port, "home") as empty:
            await tab.rerun()
            times: list[float] = []
            empties: list[float] = []
            for _ in range(reruns):
                empties.append(await empty.rerun())
                times.append(await tab.rerun())
        above = p50(times) - p50(empties), p95(times) - p95(empties)
        verdict = "" if above[0] <= 50 and above[1] <= 100 else "  OVER 50 / 100"
        print(
            f"{page:16} {p50(times):8.1f} {p95(times):8.1f} {p50(empties):10.1f} {p95(empties):6.1f}"
            f" {above[0]:11.1f} {above[1]:6.1f} {tab.elements:9}{verdict}",
            flush=True,
        )


async def memory(port: int, process: psutil.Process, sessions: int) -> None:
    """Server memory after the visit to every page, and what each further session adds."""
    before = process.memory_info().rss
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(sessions):
            await stack.enter_async_context(session(port, "convolution"))
        after = process.memory_info().rss
    print(f"memory after a visit to every page: {before / 1e9:.2f} GB (goal at most 1.0)")
    print(
        f"each of {sessions} further sessions: {(after - before) / sessions / 1e6:.1f} MB (goal at most 2)",
        flush=True,
    )


async def users(port: int, count: int, seconds: float) -> list[float]:
    """`count` users spread over all pages, each asking for a rerun every 3 s, one after the other."""
    times: list[float] = []
    async with contextlib.AsyncExitStack() as stack:
        tabs = [
            await stack.enter_async_context(session(port, page))
            for _, page in zip(range(count), itertools.cycle(PAGES))
        ]
        start = time.monotonic()

        async def user(number: int, tab: Session) -> None:
            due = start + number * 3 / count
            while due < start + seconds:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                times.append(await tab.rerun())
                due += 3

        await asyncio.gather(*(user(number, tab) for number, tab in enumerate(tabs)))
    return times


def start_training(home: Path) -> subprocess.Popen[str]:
    """A worker as the queue starts it, training for longer than the measurement."""
    from cnn_core.data import datasets
    from cnn_core.networks import presets
    from cnn_core.runs import records
    from cnn_core.runs.launcher import LocalWorker
    from cnn_core.training.settings import TrainSettings

    name = "mnist" if "mnist" in datasets.available() else "digits"
    architecture = presets.PRESETS["mnist-3conv"].architecture((1, 28, 28), 10)
    run = records.create(architecture, TrainSettings(dataset=name, epochs=200), path=home / "benchmark")
    worker = LocalWorker({})
    worker.send({"do": "train", "run": str(run)})
    return worker.process


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reruns", type=int, default=30)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--skip-users", action="store_true")
    arguments = parser.parse_args()
    os.environ["CONVLENS_WARM_WORKER"] = "0"  # its start would be in the builder page's times
    with tempfile.TemporaryDirectory() as scratch:
        empty = Path(scratch) / "empty.py"
        empty.write_text(EMPTY)
        with server() as (port, process), server(empty) as (empty_port, _):
            asyncio.run(pages(port, empty_port, arguments.reruns))
            asyncio.run(memory(port, process, 20))
            if arguments.skip_users:
                return
            training = start_training(Path(scratch))
            try:
                times = asyncio.run(users(port, arguments.users, arguments.seconds))
            finally:
                training.kill()
                training.wait()
            print(
                f"{arguments.users} users, a click every 3 s, a training running: {len(times)} reruns,"
                f" p50 {p50(times):.0f} ms, p95 {p95(times):.0f} ms (goal at most 500)"
            )


if __name__ == "__main__":
    main()
