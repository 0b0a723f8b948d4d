"""The queue: order, places, one a session, and workers that die. Real worker processes on the built-in digits."""

import shutil
import signal
from dataclasses import replace

import pytest

from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import records
from cnn_core.runs.jobs import Busy, JobManager, recover
from cnn_core.runs.launcher import LocalWorker, death
from cnn_core.training import memory
from cnn_core.training.settings import SettingsError, TrainSettings
from tests.support.thread_launcher import ThreadLauncher, ThreadWorker, wait

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)
SHORT = TrainSettings(dataset="digits", epochs=1, device="cpu")
LONG = TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8)


@pytest.fixture
def manager() -> JobManager:
    return JobManager(ThreadLauncher(), slots=1)


def status(run_id: str) -> str:
    return records.read(records.run_path(run_id)).status


def test_the_second_session_waits_at_its_place_and_then_runs(manager: JobManager) -> None:
    first = manager.submit("one", SMALL, LONG)
    second = manager.submit("two", SMALL, SHORT)
    third = manager.submit("three", SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    assert [manager.position(run) for run in (second, third)] == [1, 2]
    assert status(second) == "queued"
    assert manager.owned_by("two") == second
    manager.stop(first)
    wait(lambda: status(third) == "finished")
    assert status(first) == "stopped"
    assert status(second) == "finished"
    assert manager.position(second) is None


def test_a_session_has_one_run_at_a_time(manager: JobManager) -> None:
    run = manager.submit("one", SMALL, LONG)
    with pytest.raises(Busy, match="already"):
        manager.submit("one", SMALL, SHORT)
    manager.stop(run)
    wait(lambda: manager.owned_by("one") is None)
    again = manager.submit("one", SMALL, SHORT)
    wait(lambda: status(again) == "finished")


def test_a_waiting_run_can_leave_the_queue(manager: JobManager) -> None:
    first, second = manager.submit("one", SMALL, LONG), manager.submit("two", SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    manager.stop(second)
    assert status(second) == "stopped"
    manager.stop(first)
    wait(lambda: manager.owned_by("one") is None)


def test_pause_frees_the_place_and_resume_goes_on(manager: JobManager) -> None:
    run = manager.submit("one", SMALL, LONG)
    wait(lambda: bool(records.read(records.run_path(run)).batches))
    manager.set_learning_rate(run, 0.001)
    manager.pause(run)
    wait(lambda: manager.owned_by("one") is None)
    before = records.read(records.run_path(run))
    assert before.status == "paused"
    manager.resume("one", run)
    wait(lambda: records.read(records.run_path(run)).progress > before.progress)
    manager.stop(run)
    wait(lambda: status(run) == "stopped")
    with pytest.raises(records.RunError):
        manager.resume("one", run)
    with pytest.raises(SettingsError):
        manager.set_learning_rate(run, -1)


def test_an_unwatched_run_gives_way_when_others_wait() -> None:
    manager = JobManager(ThreadLauncher(), slots=1, idle_seconds=0.5)
    run = manager.submit("one", SMALL, LONG)
    wait(lambda: manager.position(run) == 0)
    other = manager.submit("two", SMALL, SHORT)
    wait(lambda: status(other) == "finished")
    paused = records.read(records.run_path(run))
    assert paused.status == "paused"
    assert "Nobody was looking" in paused.reason


def test_a_run_whose_folder_is_deleted_does_not_hold_up_the_queue(manager: JobManager) -> None:
    first, second = manager.submit("one", SMALL, LONG), manager.submit("two", SMALL, SHORT)
    wait(lambda: bool(records.read(records.run_path(first)).batches))
    shutil.rmtree(records.run_path(first))
    manager.stop(first)
    wait(lambda: status(second) == "finished")


def test_a_worker_that_cannot_be_started_is_a_failed_run() -> None:
    class Broken(ThreadLauncher):
        def launch(self, slot: int) -> ThreadWorker:
            raise OSError(12, "Cannot allocate memory")

    manager = JobManager(Broken(), slots=1)
    run = manager.submit("one", SMALL, SHORT)
    wait(lambda: status(run) == "failed")
    assert "Cannot allocate memory" in records.read(records.run_path(run)).reason
    assert manager.owned_by("one") is None


def test_a_network_that_cannot_work_is_refused_before_it_queues(manager: JobManager) -> None:
    with pytest.raises(ArchitectureError):
        manager.submit("one", SMALL.with_layers((Conv2d(4), Linear(10))), SHORT)
    assert records.list_runs() == []


def test_batches_that_take_too_much_memory_are_refused_before_they_queue(manager: JobManager) -> None:
    wide = SMALL.with_layers((Conv2d(256), MaxPool2d(4), Flatten(), Linear(10)))
    with pytest.raises(memory.BatchError) as refused:
        manager.submit("one", wide, replace(SHORT, batch_size=4096))
    assert str(refused.value) == memory.batch_problem(wide, 4096)
    assert "A batch of 4,096 would need too much memory" in str(refused.value)
    assert records.list_runs() == []


class RealLauncher:
    def __init__(self) -> None:
        self.workers: list[LocalWorker] = []

    def launch(self, slot: int) -> LocalWorker:
        self.workers.append(LocalWorker({}))
        return self.workers[-1]

    def warm(self, slot: int) -> None:
        pass


def test_a_killed_worker_is_a_failed_run_and_the_queue_goes_on() -> None:
    launcher = RealLauncher()
    manager = JobManager(launcher, slots=1)
    run = manager.submit("one", SMALL, LONG)
    wait(lambda: bool(records.read(records.run_path(run)).batches))
    launcher.workers[0].process.send_signal(signal.SIGKILL)
    wait(lambda: status(run) == "failed")
    assert "killed from outside (signal 9)" in records.read(records.run_path(run)).reason
    after = manager.submit("one", SMALL, SHORT)
    wait(lambda: status(after) == "finished")


def test_a_worker_whose_server_is_gone_saves_its_run() -> None:
    path = records.create(SMALL, LONG)
    worker = LocalWorker({})
    worker.send({"run": str(path)})
    wait(lambda: bool(records.read(path).batches))
    assert worker.process.stdin is not None
    worker.process.stdin.close()
    assert worker.process.wait(60) == 0
    assert records.read(path).status == "interrupted"
    assert (path / records.RESUME).is_file()


def test_a_server_that_starts_again_finds_what_the_last_one_left() -> None:
    left = records.create(SMALL, LONG)
    records.append(left, "queued")
    records.append(left, "started", epoch=0, step=0, steps_per_epoch=1, images=1)
    alive = records.create(SMALL, LONG)
    records.append(alive, "queued")
    with records.lock(alive):
        recover()
    assert records.read(left).status == "interrupted"
    assert records.read(left).resumable
    assert records.read(alive).status == "queued"


def test_deaths_are_told_in_words() -> None:
    assert "short of memory" in death(-9)
    assert "signal 11" in death(-11)
    assert "status 3" in death(3)
