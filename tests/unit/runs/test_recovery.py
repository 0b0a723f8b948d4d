"""What dead processes left: runs marked, ends retried, half-written files removed, and a server that always starts."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cnn_core import files
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, records, retry
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.events import Event
from cnn_core.runs.execution import execute
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.recovery import begin, clear_up
from cnn_core.training.settings import TrainSettings
from tests.support.thread_launcher import ThreadLauncher, wait
from tests.support.visitors import ONE, TWO

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SETTINGS = TrainSettings(dataset="digits", epochs=1, device="cpu")
CUT_SHORT = "It was cut off: its server or training process ended."


def abandoned() -> Path:
    """A run whose process was killed while it trained."""
    path = records.create(SMALL, SETTINGS, owner=TWO.owner)
    records.append(path, {"type": "queued"})
    return path


def test_a_server_that_starts_again_finds_what_the_last_one_left() -> None:
    left, saved, alive = abandoned(), abandoned(), abandoned()
    (saved / records.RESUME).write_bytes(b"")
    with records.lock(alive):
        begin(Endings(threading.Event()), Removals(threading.Event())).join()
    assert history.read(left).resumable
    assert history.read(left).reason == f"{CUT_SHORT} It had saved nothing yet: resuming begins it again."
    assert (
        history.read(saved).reason == f"{CUT_SHORT} What it had saved is kept: resume it to go on from there."
    )
    assert history.read(alive).status == "queued"


def test_a_server_starts_with_a_full_disk_says_so_and_marks_the_run_once_there_is_space() -> None:
    path = abandoned()
    append = records.append

    def full(where: Path, event: Event) -> Event:
        if where == path:
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(where, event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "append", full)
        patch.setattr(retry, "LONGEST_PAUSE", 0.05)  # else it is tried again only after the other run
        manager = JobManager(ThreadLauncher(), slots=1)
        wait(lambda: "How a run ended cannot be written down" in manager.trouble)
        other = manager.submit(ONE, SMALL, SETTINGS)
        wait(lambda: history.read(records.run_path(other)).status == "finished")
    wait(lambda: history.read(path).status == "interrupted")
    wait(lambda: manager.trouble == "")
    manager.resume(TWO, path.name)
    wait(lambda: history.read(path).status == "finished")


def test_a_server_starts_whatever_lies_in_the_folder_of_runs(
    convlens_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, strange = abandoned(), abandoned()
    (strange / records.EVENTS).unlink()
    (strange / records.EVENTS).mkdir()
    (convlens_home / "runs" / "loop").symlink_to(convlens_home / "runs" / "loop")
    (convlens_home / "runs" / "a file").write_text("")
    locks = records.lock

    def unreadable(path: Path) -> object:
        if path == strange:
            raise PermissionError(errno.EACCES, "Permission denied")
        return locks(path)

    monkeypatch.setattr(records, "lock", unreadable)
    manager = JobManager(ThreadLauncher(), slots=1)
    wait(lambda: history.read(left).status == "interrupted")
    run = manager.submit(ONE, SMALL, SETTINGS)
    wait(lambda: history.read(records.run_path(run)).status == "finished")


@pytest.mark.parametrize("name", [records.LOCK, records.EVENTS])
@pytest.mark.parametrize("thing", ["folder", "link loop", "link to nowhere"])
def test_a_file_that_none_can_be_is_no_trouble_of_the_disk(thing: str, name: str) -> None:
    left, strange = abandoned(), abandoned()
    file = strange / name
    file.unlink(missing_ok=True)
    if thing == "folder":
        file.mkdir()
    else:
        file.symlink_to(file if thing == "link loop" else "no folder/no file")
    ended = Endings(threading.Event())
    begin(ended, Removals(threading.Event())).join()
    assert len(ended) == 0
    assert history.read_status(left) == "interrupted"


def test_a_server_starts_where_the_folder_of_runs_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(self: Path) -> object:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", unreadable)
        manager = JobManager(ThreadLauncher(), slots=1)
    run = manager.submit(ONE, SMALL, SETTINGS)
    wait(lambda: history.read(records.run_path(run)).status == "finished")


@pytest.fixture
def dead() -> int:
    """The number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def part(path: Path, of: int | str, age: float = 0.0) -> Path:
    """A file that process `of` left half written beside `path`."""
    file = path.with_name(f".{path.name}{files.writer()}".replace(f".{os.getpid()}.part", f".{of}.part"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"half")
    os.utime(file, (time.time() - age,) * 2)
    return file


def test_what_killed_writers_left_is_removed_at_the_start_of_a_server(dead: int, convlens_home: Path) -> None:
    run = execute(records.create(SMALL, SETTINGS)).path
    downloads = convlens_home / "data"
    left = [
        part(run / records.RESUME, dead),
        part(run / "epochs" / "002.safetensors", dead),
        part(run / "card.json", os.getpid()),  # its number was given to a process that writes elsewhere
        part(convlens_home / "runs" / "without-spec" / records.SPEC, dead),
        part(downloads / "mnist" / "x_train.npy", dead),
        part(downloads / "cifar10" / "x_train.npy", "of-another-machine", age=3600),
    ]
    kept = {path for path in run.rglob("*") if path not in left}
    JobManager(ThreadLauncher(), slots=1)
    wait(lambda: not any(path.exists() for path in left))
    assert set(run.rglob("*")) - {run / records.LOCK} == kept - {run / records.LOCK}


def test_what_a_living_writer_is_at_is_left_alone(dead: int, convlens_home: Path) -> None:
    path = records.create(SMALL, SETTINGS)
    with records.lock(path):  # as whoever trains the run holds it
        mine = part(path / records.RESUME, os.getpid())
        elsewhere = part(path / "best.safetensors", "of-another-machine")
        old = part(path / "card.json", dead)
        clear_up()
    assert mine.exists()
    assert elsewhere.exists()
    assert not old.exists()
    beginning = part(convlens_home / "runs" / "without-spec" / records.SPEC, os.getpid())
    download = part(convlens_home / "data" / "mnist", os.getpid())
    clear_up()
    assert beginning.exists()
    assert download.exists()


def test_what_a_stopped_execution_leaves_is_whole(convlens_home: Path) -> None:
    inbox = Inbox()
    inbox.put({"do": "hangup"})
    execute(records.create(SMALL, SETTINGS), inbox)
    assert list(convlens_home.rglob("*.part")) == []
