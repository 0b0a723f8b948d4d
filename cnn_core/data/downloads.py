"""Downloading a dataset through torchvision: fetched and converted beside its place, then renamed.

The work happens in one daemon thread a dataset, and whoever asked watches it. A watcher that goes away (a
page that reran, a closed tab) does not end the download; the next to ask for the same dataset joins it.
"""

import math
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from typing_extensions import override

from cnn_core.data import datasets
from cnn_core.data.arrays_on_disk import ArraysError, read
from cnn_core.data.catalog import DatasetInfo, DownloadFailed, info
from cnn_core.data.download_errors import explain
from cnn_core.data.fetching import Fetcher, fetch
from cnn_core.files import home, megabytes, remove_left_behind, writer

Progress = Callable[[float, str], None]

STALLED_AFTER_S = 60.0
# What failed in a process of its own is not tried again before: each try costs some seconds of a core.
RETRY_AFTER_S = 15.0


class _Job(threading.Thread):
    """One running download. It owns its staging folder and removes it whatever happens."""

    def __init__(self, info: DatasetInfo, fetcher: Fetcher) -> None:
        super().__init__(name=f"download-{info.name}", daemon=True)
        self.info, self._fetch = info, fetcher
        self.staging: Path | None = None
        self.step = "Starting"
        self.error: DownloadFailed | None = None
        self.abandoned = threading.Event()
        self.ended = math.inf  # by `time.monotonic`

    @override
    def run(self) -> None:
        try:
            self.staging = _stage(self.info)
            self.step = f"Downloading {self.info.title}"
            ready = self._fetch(self.info, self.staging, self._converting, self.abandoned)
            if not self.abandoned.is_set():
                _install(self.info, ready)
        except Exception as error:
            self.error = DownloadFailed(explain(self.info, error))
            self.error.__cause__ = error
        finally:
            if self.staging is not None:
                shutil.rmtree(self.staging, ignore_errors=True)
            self.ended = time.monotonic()

    @property
    def failed_just_now(self) -> bool:
        """Whether it failed so shortly ago, and so costly, that its error stands for another try's."""
        costly = self._fetch is not fetch
        return costly and self.error is not None and time.monotonic() - self.ended < RETRY_AFTER_S

    def _converting(self) -> None:
        self.step = f"Converting {self.info.title}"

    def bytes_on_disk(self) -> int:
        """How much has been written so far; it grows as long as the download lives."""
        return 0 if self.staging is None else sum(_sizes(self.staging))


_jobs: dict[str, _Job] = {}
_jobs_lock = threading.Lock()


def download(name: str, progress: Progress | None = None, fetcher: Fetcher = fetch) -> None:
    """Bring a dataset to this machine; returns at once where it is there and readable.

    Files in its place that cannot be used are kept beside it (`datasets.aside`).

    Args:
        name: of a dataset in the catalogue.
        progress: called in the caller's thread about five times a second with a fraction in 0..1 and a text.
        fetcher: what brings the files where nobody does yet: `fetching.fetch`, or `fetch_apart` for a server.

    Raises:
        DownloadFailed: no network, no space, a wrong checksum, ...: the message says which and what to do.
        ValueError: there is no dataset of that name.
    """
    if datasets.problem(name) is None:
        return
    with _jobs_lock:
        job = _jobs.get(name)
        if job is None or job.abandoned.is_set() or not (job.is_alive() or job.failed_just_now):
            job = _jobs[name] = _Job(info(name), fetcher)
            job.start()
    _watch(job, progress or _print_progress)
    if job.error is not None:
        raise job.error


def is_running(name: str) -> bool:
    """Whether some session of this process is downloading the dataset now."""
    job = _jobs.get(name)
    return job is not None and job.is_alive() and not job.abandoned.is_set()


def _watch(job: _Job, progress: Progress) -> None:
    seen, seen_at = -1, time.monotonic()
    total = job.info.download_bytes
    while job.is_alive():
        job.join(0.2)
        written, now = job.bytes_on_disk(), time.monotonic()
        if written != seen:
            seen, seen_at = written, now
        elif now - seen_at > STALLED_AFTER_S:
            job.abandoned.set()
            raise DownloadFailed(
                f"The download of {job.info.title} stalled: nothing arrived for {STALLED_AFTER_S:.0f} s. "
                "Check the network and try again."
            )
        # Unpacking and converting write again what was downloaded, so the bar waits at its end for them.
        arrived = min(written, total)
        progress(0.98 * arrived / total, f"{job.step}: {arrived / 1e6:.1f} of {megabytes(total)}")
    if job.error is None:
        progress(1.0, f"{job.info.title} is ready")


def _stage(info: DatasetInfo) -> Path:
    """A new folder beside the dataset's place (a rename is atomic then), after a look at the free space."""
    parent = info.folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    remove_left_behind(parent)
    free = shutil.disk_usage(parent).free
    if free < info.needed_bytes:
        raise DownloadFailed(
            f"{info.title} needs {megabytes(info.needed_bytes)} of disk space while it is unpacked, and "
            f"{home()} has {megabytes(free)} left. Free some space, or set CONVLENS_HOME to another disk."
        )
    return Path(tempfile.mkdtemp(prefix=f".{info.name}-", suffix=writer(), dir=parent))


def _install(info: DatasetInfo, ready: Path) -> None:
    """Put the finished folder in its place; whoever has the old files mapped keeps them."""
    try:
        arrays = read(ready, info.shape, len(info.classes))
    except ArraysError as error:
        raise DownloadFailed(f"{info.title} arrived, but {error}. It was thrown away. Try again.") from error
    if (len(arrays[1]), len(arrays[3])) != info.sizes:
        raise DownloadFailed(
            f"{info.title} arrived with a wrong number of images and was thrown away. Try again."
        )
    ready.chmod(0o755)
    if info.folder.exists() and datasets.problem(info.name) is not None:
        info.folder.rename(datasets.aside(info))
    try:
        ready.rename(info.folder)
    except OSError:
        if datasets.problem(info.name) is not None:  # else another process was first with the same files
            raise


def _sizes(root: Path) -> Iterator[int]:
    for folder, _, names in os.walk(root):  # which passes over folders that are gone meanwhile
        for name in names:
            try:
                yield (Path(folder) / name).stat().st_size
            except OSError:
                continue  # renamed or removed since it was listed


def _print_progress(fraction: float, text: str) -> None:
    if sys.stderr.isatty():
        print(
            f"\r{100 * fraction:3.0f} %  {text}",
            end="\n" if fraction == 1 else "",
            file=sys.stderr,
            flush=True,
        )
