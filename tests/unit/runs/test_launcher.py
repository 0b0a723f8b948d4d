"""Real worker processes: killed and asked to end in every way, on the built-in digits; then resumed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import history, records
from cnn_core.runs.execution import execute
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.launcher import LocalLauncher, LocalWorker, death
from cnn_core.training.settings import TrainSettings
from tests.support.run_events import events_of
from tests.support.thread_launcher import wait
from tests.support.visitors import ONE

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)
THREE = TrainSettings(dataset="digits", epochs=3, device="cpu", batch_size=4)
POSIX = pytest.mark.skipif(os.name == "nt", reason="there a process can be ended, but not asked to end")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> history.Run:
    """The run that nobody disturbs."""
    return execute(records.create(SMALL, THREE, path=tmp_path_factory.mktemp("whole") / "run"))


@pytest.fixture
def launcher() -> Iterator["Kept"]:
    kept = Kept()
    yield kept
    for worker in kept.workers:
        worker.process.kill()
        worker.process.wait()


class Kept(LocalLauncher):
    """The server's launcher, which remembers its workers."""

    def __init__(self) -> None:
        super().__init__()
        self.workers: list[LocalWorker] = []

    def _start(self, slot: int) -> LocalWorker:
        self.workers.append(super()._start(slot))
        return self.workers[-1]


def in_second_epoch(path: Path) -> bool:
    run = history.read(path)
    assert len(run.epochs) < 2, "too late"
    return bool(run.batches) and run.batches[-1]["epoch"] == 1


def train_to_second_epoch(manager: JobManager, launcher: Kept) -> tuple[Path, LocalWorker]:
    """A run in epoch 2 of 3, and its worker, which is held still there."""
    path = records.run_path(manager.submit(ONE, SMALL, THREE))
    wait(lambda: in_second_epoch(path))
    worker = launcher.workers[0]
    worker.process.send_signal(signal.SIGSTOP)
    return path, worker


def goes_on_as_if_nothing_had_been(path: Path, whole: history.Run) -> None:
    """Once resumed it has the epochs, the scores and the weights of an undisturbed run."""
    run = execute(path)
    assert run.status == "finished"
    keys = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "best")
    assert [[epoch[key] for key in keys] for epoch in run.epochs] == [
        [epoch[key] for key in keys] for epoch in whole.epochs
    ]
    assert run.test == whole.test
    assert (path / records.BEST).read_bytes() == (whole.path / records.BEST).read_bytes()


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "the server's end"])  # SIGINT: tests/unit/test_train.py
def test_a_worker_that_is_asked_to_end_saves_its_run_between_two_batches(
    name: str, launcher: Kept, whole: history.Run
) -> None:
    manager = JobManager(launcher, slots=1)
    path, worker = train_to_second_epoch(manager, launcher)
    if name.startswith("SIG"):
        worker.process.send_signal(signal.Signals[name])
        reason = f"The training process was asked to end ({name}). Nothing is lost: resume it to go on."
    else:
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        reason = "The server ended while this was training. Nothing is lost: resume it."
    worker.process.send_signal(signal.SIGCONT)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    assert worker.process.returncode == 0
    run = history.read(path)
    assert (run.status, run.reason) == ("interrupted", reason)
    goes_on_as_if_nothing_had_been(path, whole)
    started = [event for event in events_of(path) if event["type"] == "started"]
    assert started[-1]["epoch"] == 1
    assert started[-1]["step"] >= run.batches[-1]["step"] > 0  # not from the epoch's beginning


@POSIX
@pytest.mark.parametrize("server", ["lives", "is started anew"])
def test_a_run_that_is_deleted_while_a_process_trains_it_goes_when_that_has_ended(
    server: str, launcher: Kept
) -> None:
    manager = JobManager(launcher, slots=1)
    path, worker = train_to_second_epoch(manager, launcher)
    manager.delete(ONE, path.name)
    with pytest.raises(records.GoneError):
        history.read(path)
    if server != "lives":
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        JobManager(Kept(), slots=1)
    assert path.exists()
    worker.process.send_signal(signal.SIGCONT)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    assert worker.process.returncode is not None
    wait(lambda: list(records.runs_home().iterdir()) == [])


@POSIX
def test_a_killed_worker_leaves_a_run_that_goes_on_from_its_last_epoch(
    launcher: Kept, whole: history.Run
) -> None:
    manager = JobManager(launcher, slots=1)
    path, worker = train_to_second_epoch(manager, launcher)
    worker.process.send_signal(signal.SIGKILL)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    run = history.read(path)
    assert run.status == "interrupted"
    assert run.reason.startswith("The training process was killed from outside (signal 9)")
    assert run.reason.endswith("What it had saved is kept: resume it to go on from there.")
    goes_on_as_if_nothing_had_been(path, whole)


@POSIX
def test_ctrl_c_in_the_servers_terminal_does_not_reach_a_worker() -> None:
    worker = LocalWorker({})
    try:
        assert os.getpgid(worker.process.pid) != os.getpgid(os.getpid())
        assert os.getsid(worker.process.pid) != os.getsid(os.getpid())
    finally:
        worker.process.kill()
        worker.process.wait()


@POSIX
def test_a_waiting_worker_that_is_asked_to_end_ends_and_another_is_launched() -> None:
    launcher = Kept()
    launcher._keep_warm = True
    launcher.warm(0)
    worker = launcher.workers[0]
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(60) in (0, -signal.SIGTERM)  # before its handlers are there it dies of it
    after = launcher.launch(0)
    assert after is launcher.workers[1]
    launcher.workers[1].process.kill()
    launcher.workers[1].process.wait()


def test_deaths_are_told_in_words() -> None:
    assert "short of memory" in death(-9)
    assert "signal 11, SIGSEGV" in death(-11)
    assert "status 3" in death(3)
    assert "disk is full" in death(28)
