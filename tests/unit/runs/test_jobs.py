"""The queue: order, places, one a session, and that it outlives caches, folders and disks."""

import errno
import importlib
import shutil
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnn_core import limits
from cnn_core.limits import LimitReached
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import about, history, jobs, records, speed, watcher
from cnn_core.runs.events import Event, Message
from cnn_core.runs.execution import execute
from cnn_core.runs.forecast import forecast
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.ownership import Visitor
from cnn_core.training import memory
from cnn_core.training.settings import SettingsError, TrainSettings
from tests.support.thread_launcher import ThreadLauncher, ThreadWorker, wait
from tests.support.visitors import ADMIN, ONE, THREE, TWO, visitor

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)
SHORT = TrainSettings(dataset="digits", epochs=1, device="cpu")
LONG = TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8)


@pytest.fixture
def manager() -> JobManager:
    return JobManager(ThreadLauncher(), slots=1)


def status(run_id: str) -> str:
    return history.read(records.run_path(run_id)).status


def test_the_second_session_waits_at_its_place_and_then_runs(manager: JobManager) -> None:
    first = manager.submit(ONE, SMALL, LONG)
    second = manager.submit(TWO, SMALL, SHORT)
    third = manager.submit(THREE, SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    assert [manager.position(run) for run in (second, third)] == [1, 2]
    assert status(second) == "queued"
    assert manager.owned_by(TWO.owner) == [second]
    manager.stop(ONE, first)
    wait(lambda: status(third) == "finished")
    assert status(first) == "stopped"
    assert status(second) == "finished"
    assert manager.position(second) is None


def test_a_visitor_has_as_many_runs_in_the_queue_as_the_limit_says(manager: JobManager) -> None:
    with limits.using(queue_per_visitor=1):
        run = manager.submit(ONE, SMALL, LONG)
        with pytest.raises(LimitReached, match=r"already have a run .* Stop one"):
            manager.submit(ONE, SMALL, SHORT)
        manager.stop(ONE, run)
        wait(lambda: manager.owned_by(ONE.owner) == [])
        again = manager.submit(ONE, SMALL, SHORT)
        wait(lambda: status(again) == "finished")


def test_a_waiting_run_can_leave_the_queue(manager: JobManager) -> None:
    first, second = manager.submit(ONE, SMALL, LONG), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    manager.stop(TWO, second)
    assert manager.position(second) is None
    assert not records.run_path(second).exists()  # it had never begun: nothing is left of it
    manager.stop(ONE, first)
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_pause_frees_the_place_and_resume_goes_on(manager: JobManager) -> None:
    run = manager.submit(ONE, SMALL, LONG)
    wait(lambda: bool(history.read(records.run_path(run)).batches))
    manager.set_learning_rate(ONE, run, 0.001)
    manager.pause(ONE, run)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    before = history.read(records.run_path(run))
    assert before.status == "paused"
    manager.resume(ONE, run)
    wait(lambda: history.read(records.run_path(run)).progress > before.progress)
    manager.stop(ONE, run)
    wait(lambda: status(run) == "stopped")
    with pytest.raises(records.RunError):
        manager.resume(ONE, run)
    with pytest.raises(SettingsError):
        manager.set_learning_rate(ONE, run, -1)


class SlowToEnd(ThreadWorker):
    """Its process is there for a while after its run has said that it is paused."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()

    def exit_status(self) -> int | None:
        return super().exit_status() if self.may_end.is_set() else None


def test_a_run_is_resumed_though_its_process_has_not_ended_yet() -> None:
    class Launcher(ThreadLauncher):
        def launch(self, slot: int) -> ThreadWorker:
            workers.append(SlowToEnd())
            return workers[-1]

    workers: list[SlowToEnd] = []
    manager = JobManager(Launcher(), slots=1)
    run = manager.submit(ONE, SMALL, LONG)
    wait(lambda: bool(history.read(records.run_path(run)).batches))
    manager.pause(ONE, run)
    wait(lambda: status(run) == "paused")
    assert manager.position(run) == 0
    threading.Timer(0.3, workers[0].may_end.set).start()
    manager.resume(ONE, run)
    wait(lambda: status(run) == "running")
    assert len(workers) == 2
    workers[1].may_end.set()
    manager.stop(ONE, run)
    wait(lambda: manager.position(run) is None)
    assert status(run) == "stopped"


def test_an_unwatched_run_gives_way_when_others_wait() -> None:
    manager = JobManager(ThreadLauncher(), slots=1, idle_seconds=0.5)
    run = manager.submit(ONE, SMALL, LONG)
    wait(lambda: manager.position(run) == 0)
    other = manager.submit(TWO, SMALL, SHORT)
    wait(lambda: status(other) == "finished")
    paused = history.read(records.run_path(run))
    assert paused.status == "paused"
    assert "Nobody was looking" in paused.reason


def test_only_who_waits_behind_others_is_unwatched() -> None:
    """A visitor's own second run takes nothing away from its first."""
    manager = JobManager(ThreadLauncher(), slots=1, idle_seconds=0.0)
    first, second = manager.submit(ONE, SMALL, SHORT), manager.submit(ONE, SMALL, SHORT)
    wait(lambda: status(second) == "finished")
    assert status(first) == "finished"


def test_in_a_full_queue_a_waiting_run_that_nobody_looks_at_is_paused_for_the_next_visitor() -> None:
    manager = JobManager(ThreadLauncher(), slots=1)
    blocker = manager.submit(ONE, SMALL, LONG)
    wait(lambda: manager.position(blocker) == 0)
    forgotten, watched = manager.submit(TWO, SMALL, SHORT), manager.submit(THREE, SMALL, SHORT)
    with limits.using(queue=3):
        with pytest.raises(LimitReached, match="queue is full"):
            manager.submit(visitor("four"), SMALL, SHORT)
        manager._admission._idle_seconds = 0.0
        manager.touch(watched)
        fourth = manager.submit(visitor("four"), SMALL, SHORT)
    assert [manager.position(run) for run in (forgotten, watched, fourth)] == [None, 1, 2]
    paused = history.read(records.run_path(forgotten))
    assert (paused.status, paused.reason) == (
        "paused",
        "Nobody was looking and others were waiting, so it was paused. Resume it to go on.",
    )
    manager.stop(ONE, blocker)
    manager.resume(TWO, forgotten)
    wait(lambda: status(forgotten) == "finished")


def test_a_server_that_only_shows_starts_no_worker_and_says_so() -> None:
    class None_(ThreadLauncher):
        def launch(self, slot: int) -> ThreadWorker:
            raise AssertionError("a worker was started")

        def warm(self, slot: int) -> None:
            raise AssertionError("a worker was made ready")

    path = paused_run()
    with limits.using(training="off"):
        manager = JobManager(None_(), slots=1)
        for act in (
            lambda: manager.submit(ONE, SMALL, SHORT),
            lambda: manager.resume(ONE, path.name),
            lambda: manager.resume(ADMIN, path.name),
        ):
            with pytest.raises(LimitReached, match=limits.SHOWS_ONLY):
                act()
        assert manager._watcher.is_alive()
        assert [folder.name for folder in records.runs_home().iterdir()] == [path.name]
        manager.rename(ONE, path.name, "still mine")
        manager.delete(ONE, path.name)
        assert list(records.runs_home().glob("2*")) == []


def on_disk() -> list[Path]:
    """All that lies in the folder of runs."""
    return sorted(records.runs_home().rglob("*"))


def test_a_flood_of_runs_that_never_begin_leaves_nothing_and_delays_nobody() -> None:
    class Counting(ThreadLauncher):
        launched = 0

        def launch(self, slot: int) -> ThreadWorker:
            self.launched += 1
            return super().launch(slot)

    launcher, flooder = Counting(), visitor("flooder")
    manager = JobManager(launcher, slots=1)
    mine = manager.submit(ONE, SMALL, LONG)
    wait(lambda: manager.position(mine) == 0)
    blocker = manager.submit(flooder, SMALL, LONG)
    others = manager.submit(TWO, SMALL, SHORT)
    manager.rename(flooder, blocker, "x")
    before = [path for path in on_disk() if mine not in str(path)]
    for _ in range(100):
        run = manager.submit(flooder, SMALL, SHORT, "x" * 80)
        assert manager.position(run) == 3
        manager.rename(flooder, blocker, "y" * 80)
        manager.stop(flooder, run)
    assert [path for path in on_disk() if mine not in str(path)] == before
    assert manager.owned_by(flooder.owner) == [blocker]
    assert launcher.launched == 1
    assert manager.position(others) == 2
    manager.stop(flooder, blocker)
    assert manager.position(others) == 1
    manager.stop(ONE, mine)
    wait(lambda: status(others) == "finished")


def test_a_run_cannot_be_resumed_and_left_until_the_disk_is_full(manager: JobManager) -> None:
    mine, path = manager.submit(TWO, SMALL, LONG), paused_run()
    wait(lambda: manager.position(mine) == 0)
    with limits.using(run_mb=10):
        for _ in range(20):
            manager.resume(ONE, path.name)
            manager.pause(ONE, path.name)
        with (path / records.EVENTS).open("a") as file:
            file.write("\n" * 10_000_000)  # as 100,000 times more would
        with pytest.raises(LimitReached, match=r"may have here \(10 MB\)\. Train a new one\."):
            manager.resume(ONE, path.name)
    manager.stop(TWO, mine)
    wait(lambda: manager.owned_by(TWO.owner) == [])


def test_a_flood_from_many_browsers_at_once_gets_the_places_of_one_address(manager: JobManager) -> None:
    mine = manager.submit(visitor("mine", "10.0.0.1"), SMALL, LONG)
    wait(lambda: manager.position(mine) == 0)
    together, refused = threading.Barrier(16), []

    def flood(number: int) -> None:
        together.wait(30)
        for browser in range(4):
            try:
                manager.submit(visitor(f"{number} {browser}", "10.0.0.2"), SMALL, SHORT)
            except LimitReached as error:
                refused.append(str(error))

    with limits.using(queue_per_address=5, queue=8):
        threads = [threading.Thread(target=flood, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(refused) == 16 * 4 - 5
        assert len(list(records.runs_home().glob("2*"))) == 1 + 5
        late = manager.submit(visitor("late", "10.0.0.3"), SMALL, SHORT)
        assert manager.position(late) == 2  # as if one visitor had come from there
    manager.stop(visitor("mine"), mine)
    wait(lambda: manager.owned_by(visitor("late").owner) == [])


def vanish(path: Path) -> None:
    """Remove a folder in which somebody is writing, whose files come and go meanwhile."""

    def gone() -> bool:
        shutil.rmtree(path, ignore_errors=True)
        return not path.exists()

    wait(gone)


def test_a_run_whose_folder_is_deleted_does_not_hold_up_the_queue(manager: JobManager) -> None:
    first, second = manager.submit(ONE, SMALL, LONG), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: bool(history.read(records.run_path(first)).batches))
    vanish(records.run_path(first))
    manager.stop(ONE, first)
    wait(lambda: status(second) == "finished")


def test_a_network_that_cannot_work_is_refused_before_it_queues(manager: JobManager) -> None:
    with pytest.raises(ArchitectureError):
        manager.submit(ONE, SMALL.with_layers((Conv2d(4), Linear(10))), SHORT)
    assert not records.runs_home().exists()


def test_batches_that_take_too_much_memory_are_refused_before_they_queue(manager: JobManager) -> None:
    wide = SMALL.with_layers((Conv2d(256), MaxPool2d(4), Flatten(), Linear(10)))
    with pytest.raises(memory.BatchError) as refused:
        manager.submit(ONE, wide, replace(SHORT, batch_size=4096))
    assert str(refused.value) == memory.batch_problem(wide, 4096)
    assert "A batch of 4,096 would need too much memory" in str(refused.value)
    assert not records.runs_home().exists()


def paused_run(of: Visitor = ONE) -> Path:
    """A run that was paused in its first epoch."""
    path = records.create(SMALL, SHORT, owner=of.owner)
    inbox = Inbox()
    inbox.put({"do": "pause"})
    assert execute(path, inbox).status == "paused"
    return path


def test_a_lock_that_is_looked_at_for_a_moment_keeps_no_run_out(
    manager: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a server that has just started clears up while the first visitor presses Train."""
    create = records.create

    def looked_at(*given: Any, **named: Any) -> Path:
        path = create(*given, **named)
        lock = records.lock(path)
        lock.acquire()
        threading.Timer(0.2, lock.release).start()
        return path

    monkeypatch.setattr(records, "create", looked_at)
    run = manager.submit(ONE, SMALL, SHORT)
    wait(lambda: not history.read(records.run_path(run)).active)
    assert history.read(records.run_path(run)).status == "finished"


def test_a_run_that_another_process_holds_is_refused_at_once_with_a_sentence(manager: JobManager) -> None:
    path = paused_run()
    with records.lock(path):
        began = time.monotonic()
        with pytest.raises(records.RunError, match="Another process has this run"):
            manager.resume(ONE, path.name)
        assert time.monotonic() - began < 5  # a lock may be waited for, but not its holder
    assert manager.owned_by(ONE.owner) == []
    manager.resume(ONE, path.name)
    wait(lambda: status(path.name) == "finished")


def test_only_one_of_two_gets_a_run_to_resume(manager: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = manager.submit(visitor("zero"), SMALL, LONG)
    path = paused_run()
    inside, go_on = threading.Event(), threading.Event()
    append = records.append

    def slow(path: Path, event: Event) -> Event:
        if event["type"] == "queued":
            inside.set()
            assert go_on.wait(30)
        return append(path, event)

    monkeypatch.setattr(records, "append", slow)
    first = threading.Thread(target=manager.resume, args=(ONE, path.name))
    first.start()
    assert inside.wait(30)
    began = time.monotonic()
    with pytest.raises(records.RunError, match="Only a paused or interrupted run"):
        manager.resume(ADMIN, path.name)
    with limits.using(queue_per_visitor=1), pytest.raises(LimitReached):
        manager.submit(ONE, SMALL, SHORT)
    # Who only looks does not wait for the other's slow disk.
    assert manager.position(path.name) is None
    manager.touch(blocker)
    assert time.monotonic() - began < 5
    go_on.set()
    first.join(30)
    assert manager.owned_by(ONE.owner) == [path.name]
    manager.stop(visitor("zero"), blocker)
    wait(lambda: status(path.name) == "finished")


def test_leaving_the_queue_after_the_folder_was_deleted_raises_nothing_and_makes_it_not_anew(
    manager: JobManager,
) -> None:
    first, second = manager.submit(ONE, SMALL, LONG), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    shutil.rmtree(records.run_path(second))
    manager.stop(TWO, second)
    assert manager.owned_by(TWO.owner) == []
    assert not records.run_path(second).exists()
    with pytest.raises(records.RunError, match="there is no run"):
        manager.resume(TWO, second)
    assert not records.run_path(second).exists()
    manager.stop(ONE, first)
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_a_run_that_has_trained_leaves_the_queue_paused(manager: JobManager) -> None:
    first, path = manager.submit(ONE, SMALL, LONG), paused_run(TWO)
    manager.resume(TWO, path.name)
    manager.stop(TWO, path.name)
    assert status(path.name) == "paused"
    manager.resume(TWO, path.name)
    manager.stop(ONE, first)
    wait(lambda: status(path.name) == "finished")


def full_disk(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> None:
    """A disk that takes no events of these kinds until `monkeypatch.undo()`."""
    append = records.append

    def full(path: Path, event: Event) -> Event:
        if event["type"] in kinds:
            raise OSError(errno.ENOSPC, "No space left on device")
        return append(path, event)

    monkeypatch.setattr(records, "append", full)


def test_what_a_full_disk_did_not_take_of_a_runs_end_is_written_once_it_does(
    manager: JobManager,
) -> None:
    first, second = manager.submit(ONE, SMALL, LONG), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: manager.position(first) == 0)
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch, "paused")
        manager.pause(TWO, second)
        assert manager.owned_by(TWO.owner) == []
        assert status(second) == "queued"
        assert "a run ended cannot be written down" in manager.trouble
    wait(lambda: status(second) == "paused")
    wait(lambda: manager.trouble == "")
    manager.stop(ONE, first)
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_a_full_disk_leaves_no_half_made_run_and_a_resumed_one_as_it_was(manager: JobManager) -> None:
    path = paused_run()
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch, "queued")
        with pytest.raises(OSError, match="No space left"):
            manager.submit(ONE, SMALL, SHORT)
        with pytest.raises(records.RunError, match="No space left on device"):
            manager.resume(ONE, path.name)
    assert [folder.name for folder in records.runs_home().iterdir()] == [path.name]
    assert manager.owned_by(ONE.owner) == []
    manager.resume(ONE, path.name)
    wait(lambda: status(path.name) == "finished")


def test_a_run_that_met_a_full_disk_goes_on_once_there_is_space(manager: JobManager) -> None:
    with pytest.MonkeyPatch.context() as patch:
        full_disk(patch, "epoch")
        run = manager.submit(ONE, SMALL, replace(SHORT, epochs=2))
        wait(lambda: status(run) == "interrupted")
        wait(lambda: manager.owned_by(ONE.owner) == [])
    assert "The disk is full" in history.read(records.run_path(run)).reason
    manager.resume(ONE, run)
    wait(lambda: status(run) == "finished")
    assert [epoch["epoch"] for epoch in history.read(records.run_path(run)).epochs] == [0, 1]


def test_the_queue_survives_what_clears_caches_and_throws_modules_away(manager: JobManager) -> None:
    import streamlit as st

    with jobs.using(manager):
        run = jobs.manager().submit(ONE, SMALL, LONG)
        wait(lambda: jobs.manager().position(run) == 0)
        st.cache_resource.clear()  # as any visitor's `clear_cache` message does
        st.cache_data.clear()
        assert jobs.manager() is manager
        # A source file that changes makes Streamlit drop the app's modules and what lies under them.
        dropped = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("cnn_core")}
        try:
            again = importlib.import_module("cnn_core.runs.jobs")
            assert again is not jobs
            assert again.manager() is manager
        finally:
            sys.modules.update(dropped)
        assert manager.owned_by(ONE.owner) == [run]
        manager.stop(ONE, run)
        wait(lambda: manager.owned_by(ONE.owner) == [])
        assert status(run) == "stopped"


def test_many_who_ask_first_at_once_get_one_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    come = threading.Semaphore(0)

    class Slow(JobManager):
        def __init__(self) -> None:
            made.append(self)
            for _ in range(8):
                assert come.acquire(timeout=30)
            super().__init__(ThreadLauncher(), slots=1)

    monkeypatch.setattr(jobs, "JobManager", Slow)
    got: list[JobManager] = []

    def ask() -> None:
        come.release()
        got.append(jobs.manager())

    with jobs.using(None):
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(made) == 1
    assert len(got) == 8
    assert set(got) == set(made)


def test_what_would_train_far_too_long_does_not_begin(manager: JobManager) -> None:
    with (
        limits.using(minutes=0.01),
        pytest.raises(LimitReached, match=r"at most 1 s here: take fewer epochs"),
    ):
        manager.submit(ONE, SMALL, LONG)
    assert not any(records.runs_home().glob("*"))


def test_a_run_is_stopped_at_the_end_of_its_minutes_and_scored(manager: JobManager) -> None:
    with limits.using(minutes=0.05):
        speed.note(100.0, 0.1)  # the estimate takes this machine for a very fast one
        run = manager.submit(ONE, SMALL, LONG)
        wait(lambda: status(run) == "stopped")
    ended = history.read(records.run_path(run))
    assert ended.reason.startswith("Stopped after 0.05 min of training, the most that a run may take")
    assert ended.test is not None


def test_a_visitors_runs_have_so_much_disk_and_all_together_have(manager: JobManager) -> None:
    need = forecast(SMALL, SHORT).bytes / 1e6
    with limits.using(visitor_mb=int(2.5 * need), disk_mb=int(3.5 * need)):
        first = manager.submit(ONE, SMALL, LONG)
        second = manager.submit(ONE, SMALL, SHORT)
        with pytest.raises(
            LimitReached, match=r"^Your runs take .* this one would need up to .* Delete some"
        ):
            manager.submit(ONE, SMALL, SHORT)
        manager.submit(TWO, SMALL, SHORT)
        with pytest.raises(LimitReached, match=r"^All runs on this server take .* try again in a minute"):
            manager.submit(TWO, SMALL, SHORT)
        manager.stop(ONE, first)
        wait(lambda: manager.owned_by(ONE.owner) == [])
        # Now that it is known what they really take, there is room.
        manager.submit(ONE, SMALL, SHORT)
    assert status(second) == "finished"
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_a_run_is_kept_where_there_is_room_for_one_that_is(manager: JobManager) -> None:
    run = manager.submit(ONE, SMALL, SHORT)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    (records.run_path(run) / "large").write_bytes(bytes(1_100_000))
    with limits.using(disk_mb=2), pytest.raises(LimitReached, match="take 0 MB of the 1 MB"):
        manager.keep(ONE, run, True)
    assert "kept" not in about.read(records.run_path(run))
    manager.keep(ONE, run, True)
    assert about.read(records.run_path(run))["kept"]


def test_a_worker_that_does_not_end_in_its_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "HANGS_AFTER_TIMES", 0)
    monkeypatch.setattr(watcher, "HANGS_AFTER_SECONDS", 0.2)
    killed = threading.Event()

    class Hanging(ThreadWorker):
        def send(self, message: Message) -> None:
            pass

        def exit_status(self) -> int | None:
            return -9 if killed.is_set() else None

        def kill(self) -> None:
            killed.set()

    class First(ThreadLauncher):
        def launch(self, slot: int) -> ThreadWorker:
            return ThreadWorker() if killed.is_set() else Hanging()

    manager = JobManager(First(), slots=1)
    with limits.using(minutes=0.03):
        speed.note(100.0, 0.01)
        run = manager.submit(ONE, SMALL, SHORT)
        wait(lambda: status(run) == "failed")
    assert history.read(records.run_path(run)).reason.startswith(
        "The training process did not end in its time"
    )
    monkeypatch.setattr(watcher, "HANGS_AFTER_SECONDS", 600)
    after = manager.submit(ONE, SMALL, SHORT)
    wait(lambda: status(after) == "finished")
