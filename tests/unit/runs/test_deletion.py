"""Deleted runs: gone at once for who looks, and from the disk once nobody is at them, whatever ends in between."""

import errno
import shutil
import threading
from pathlib import Path

import pytest
from filelock import Timeout

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import deletion, history, listing, records
from cnn_core.runs.deletion import Removals
from cnn_core.runs.events import Message, Train
from cnn_core.runs.execution import execute
from cnn_core.runs.jobs import JobManager
from cnn_core.training.settings import TrainSettings
from tests.support.thread_launcher import ThreadLauncher, ThreadWorker, wait
from tests.support.visitors import ADMIN, ONE, TWO

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SHORT = TrainSettings(dataset="digits", epochs=1, device="cpu")
LONG = TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8)


@pytest.fixture
def manager() -> JobManager:
    return JobManager(ThreadLauncher(), slots=1)


def run() -> Path:
    """A run that nobody is at."""
    return records.create(SMALL, SHORT, owner=ONE.owner)


def left() -> list[str]:
    """What the folder of runs holds."""
    return sorted(path.name for path in records.runs_home().iterdir())


def test_a_run_that_has_ended_goes_with_all_it_has(manager: JobManager) -> None:
    gone, stays = execute(run()).path, run()
    manager.delete(ONE, gone.name)
    assert left() == [stays.name]
    with pytest.raises(records.GoneError):
        history.read(gone)
    with pytest.raises(records.GoneError):
        manager.delete(ONE, gone.name)


def test_a_waiting_run_leaves_the_queue_and_the_others_move_up(manager: JobManager) -> None:
    first, second, third = (manager.submit(who, SMALL, LONG) for who in (ONE, TWO, ADMIN))
    wait(lambda: manager.position(first) == 0)
    manager.delete(TWO, second)
    assert not records.run_path(second).exists()
    assert (manager.position(second), manager.position(third)) == (None, 1)
    for visitor, waiting in ((ADMIN, third), (ONE, first)):
        manager.delete(visitor, waiting)
    wait(lambda: left() == [])


def test_a_run_in_training_is_gone_at_once_and_its_folder_when_its_worker_has_ended(
    manager: JobManager, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = manager.submit(ONE, SMALL, LONG), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: bool(history.read(records.run_path(first)).batches))
    manager.delete(ONE, first)
    with pytest.raises(records.GoneError):
        history.read(records.run_path(first))
    assert listing.own(ONE.owner).runs == ()
    wait(lambda: not records.run_path(first).exists())
    wait(lambda: history.read(records.run_path(second)).status == "finished")
    assert left() == [second]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_run_that_is_deleted_while_its_worker_starts_is_not_trained() -> None:
    class Slow(ThreadLauncher):
        def launch(self, slot: int) -> object:
            asked.set()
            assert go_on.wait(30)
            return super().launch(slot)

    asked, go_on = threading.Event(), threading.Event()
    manager = JobManager(Slow(), slots=1)
    run_id = manager.submit(ONE, SMALL, LONG)
    assert asked.wait(30)
    manager.delete(ONE, run_id)
    assert records.run_path(run_id).exists()  # the queue still holds it
    go_on.set()
    wait(lambda: left() == [])
    assert manager.owned_by(ONE.owner) == []


def test_a_worker_that_has_its_run_but_not_yet_its_lock_does_not_make_the_folder_anew() -> None:
    class Late(ThreadWorker):
        def send(self, message: Message) -> None:
            super().send(message)
            sent.set()

        def _train(self, message: Train) -> None:
            assert go_on.wait(30)
            super()._train(message)

    class Launcher(ThreadLauncher):
        def launch(self, slot: int) -> ThreadWorker:
            return Late()

    sent, go_on = threading.Event(), threading.Event()
    manager = JobManager(Launcher(), slots=1)
    path = records.run_path(manager.submit(ONE, SMALL, LONG))
    assert sent.wait(30)
    wait(lambda: records.abandoned(path))  # the queue has given it up, and the worker not taken it
    manager.delete(ONE, path.name)
    manager.delete(ONE, path.name)
    assert path.exists()
    go_on.set()
    wait(lambda: manager.owned_by(ONE.owner) == [])
    wait(lambda: left() == [])


def test_a_run_that_another_process_has_is_refused_and_stays(manager: JobManager) -> None:
    path = run()
    with records.lock(path), pytest.raises(records.RunError, match="Another process has this run"):
        manager.delete(ONE, path.name)
    assert history.read(path).status == "queued"
    manager.delete(ONE, path.name)
    assert left() == []


def test_who_resumes_a_run_that_is_being_deleted_or_deletes_one_that_is_resumed_is_told(
    manager: JobManager,
) -> None:
    """Each of 20 runs is resumed and deleted at once: it is either deleted, or goes on and then is."""
    for _ in range(20):
        path = run()
        records.append(path, {"type": "paused"})
        together, said = threading.Barrier(2), []

        def act(name: str, run_id: str) -> None:
            together.wait(30)  # noqa: B023 - joined in the loop
            try:
                getattr(manager, name)(ONE, run_id)
            except records.RunError as error:
                said.append(str(error))  # noqa: B023

        threads = [threading.Thread(target=act, args=(name, path.name)) for name in ("resume", "delete")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(said) <= 1
        if path.name in left():
            wait(lambda: manager.owned_by(ONE.owner) == [])
            if (path / records.SPEC).exists():
                manager.delete(ONE, path.name)
        wait(lambda: left() == [])


def test_a_flood_of_deletes_of_the_same_runs_ends_with_none_of_them_and_nothing_kept_in_mind(
    manager: JobManager,
) -> None:
    names = [run().name for _ in range(30)]
    together, errors = threading.Barrier(8), []

    def flood() -> None:
        together.wait(30)
        for name in names * 3:
            try:
                manager.delete(ONE, name)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=flood) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {type(error) for error in errors} <= {records.GoneError, records.RunError}
    assert len(errors) >= 8 * 3 * 30 - 30 * 2
    wait(lambda: left() == [] and len(manager._removals) == 0)


@pytest.mark.parametrize("ended_after", ["mark", "rename", "a lock that came late"])
def test_what_a_server_could_not_remove_the_next_one_does(ended_after: str) -> None:
    path, held, stays = execute(run()).path, run(), run()
    deletion.mark(path)
    deletion.mark(held)
    if ended_after == "rename":
        path = path.rename(path.with_name(f"{deletion.PREFIX}{path.name}"))
        (path / records.DELETED).unlink()  # it was being removed
    elif ended_after != "mark":
        deletion.remove(path)
        with records.lock(path):
            assert path.exists()
    with records.lock(held):  # its worker is on its way out
        JobManager(ThreadLauncher(), slots=1)
        wait(lambda: not path.exists())
        assert held.exists()
        assert [found.id for found in listing.own(ONE.owner).runs] == [stays.name]
    wait(lambda: left() == [stays.name])


def test_what_cannot_be_removed_is_tried_again_and_no_run_any_more(
    manager: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, rmtree = execute(run()).path, shutil.rmtree

    def in_use(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", in_use)
        manager.delete(ONE, path.name)
        assert left() == [f"{deletion.PREFIX}{path.name}"]
        assert listing.own(ONE.owner).runs == ()
        with pytest.raises(records.RunError):
            records.run_path(left()[0])
    assert shutil.rmtree is rmtree
    wait(lambda: left() == [])


def test_a_disk_that_refuses_leaves_the_run_as_it_was_and_says_so(
    manager: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path) -> None:
        raise PermissionError(errno.EROFS, "Read-only file system")

    blocker, path = manager.submit(TWO, SMALL, LONG), run()
    wait(lambda: manager.position(blocker) == 0)
    waiting = manager.submit(ONE, SMALL, SHORT)
    with monkeypatch.context() as patch:
        patch.setattr(deletion, "mark", refused)
        for run_id in (path.name, waiting):
            with pytest.raises(records.RunError, match=r"cannot be deleted \(Read-only file system\)"):
                manager.delete(ONE, run_id)
        again = manager.submit(ONE, SMALL, SHORT)
        manager.stop(ONE, again)
    assert history.read(path).status == "queued"
    assert history.read(records.run_path(waiting)).status == "paused"  # it did leave the queue, and can go on
    assert history.read(records.run_path(again)).status == "stopped"
    manager.delete(ONE, waiting)
    manager.delete(TWO, blocker)
    wait(lambda: left() == sorted([path.name, again]))


def test_a_run_that_is_deleted_again_and_again_while_it_trains_is_kept_in_mind_once() -> None:
    removals = Removals(threading.Event())
    path = run()
    with records.lock(path):
        for _ in range(1000):
            removals.delete(path, None)
        assert len(removals) == 1
        with pytest.raises(Timeout):
            deletion.remove(path)


def test_removing_a_link_leaves_what_it_leads_to(tmp_path: Path, manager: JobManager) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a file").write_text("precious")
    link = records.runs_home() / "a-link"
    records.runs_home().mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere")
    (link / records.SPEC).write_text("damaged")
    manager.delete(ADMIN, link.name)
    assert left() == []
    assert (tmp_path / "elsewhere" / "a file").read_text() == "precious"


@pytest.mark.parametrize("thing", ["folder", "link loop"])
def test_a_run_whose_spec_is_no_file_is_gone_once_it_is_deleted(thing: str) -> None:
    path = records.create(SMALL, SHORT)
    records.append(path, {"type": "queued"})
    spec = path / records.SPEC
    spec.unlink()
    spec.mkdir() if thing == "folder" else spec.symlink_to(spec)
    assert listing.head(path.name) is not None
    deletion.mark(path)
    assert deletion.marked(path)
    assert listing.head(path.name) is None
    assert listing.servers().runs == ()
