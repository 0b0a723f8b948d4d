"""Whose a run is: hashes, tags in ids, and who may change what, tried against the queue."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, listing, records
from cnn_core.runs.execution import execute
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.ownership import NotYours, Visitor, owner_of, tag, tag_in
from cnn_core.training.settings import TrainSettings
from tests.support.thread_launcher import ThreadLauncher, ThreadWorker, wait
from tests.support.visitors import ADMIN, ONE, TWO

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SHORT = TrainSettings(dataset="digits", epochs=1, device="cpu")
LONG = TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8)


@pytest.fixture
def manager() -> JobManager:
    return JobManager(ThreadLauncher(), slots=1)


def test_only_a_hash_is_kept_of_a_browsers_secret(manager: JobManager) -> None:
    secret = "what only this browser knows"
    assert owner_of(secret) == hashlib.sha256(secret.encode()).hexdigest()
    run_id = manager.submit(Visitor(owner_of(secret)), SMALL, SHORT)
    path = records.run_path(run_id)
    wait(lambda: history.read(path).status == "finished")
    assert history.read(path).owner == owner_of(secret)
    for file in path.rglob("*"):
        assert file.is_dir() or secret.encode() not in file.read_bytes()


@pytest.mark.parametrize("owner", ["", "one", "../../etc", owner_of("one").upper(), owner_of("one") + "\n"])
def test_nobody_is_a_visitor_by_anything_but_a_hash(owner: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        Visitor(owner)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_runs_id_tells_the_tag_of_its_owner(secret: str) -> None:
    owner = owner_of(secret)
    assert tag_in(f"20261125-170445-digits-{tag(owner)}0123abcd") == tag(owner) == owner[:8]


@pytest.mark.parametrize(
    "run_id",
    ["20261125-170445-digits-0123abcd", "20261125-170445-digits-0123abcd0123abc", "my-run", "", "0" * 16],
)
def test_ids_of_old_and_folders_of_any_name_have_no_tag(run_id: str) -> None:
    assert tag_in(run_id) is None


def test_a_run_of_the_command_line_is_nobodys() -> None:
    path = records.create(SMALL, SHORT)
    assert re.fullmatch(r"\d{8}-\d{6}-digits-[0-9a-f]{8}", path.name)
    assert (records.read_owner(path), history.read(path).owner, tag_in(path.name)) == (None, None, None)
    mine = records.create(SMALL, SHORT, owner=ONE.owner)
    assert re.fullmatch(rf"\d{{8}}-\d{{6}}-digits-{tag(ONE.owner)}[0-9a-f]{{8}}", mine.name)
    assert records.read_owner(mine) == ONE.owner


def paused(owner: str | None) -> Path:
    """A run that was paused in its first epoch."""
    path = records.create(SMALL, SHORT, "as it was", owner=owner)
    inbox = Inbox()
    inbox.put({"do": "pause"})
    execute(path, inbox)
    return path


ACTS: dict[str, Callable[[JobManager, Visitor, str], None]] = {
    "resume": lambda manager, visitor, run: manager.resume(visitor, run),
    "stop": lambda manager, visitor, run: manager.stop(visitor, run),
    "pause": lambda manager, visitor, run: manager.pause(visitor, run),
    "rate": lambda manager, visitor, run: manager.set_learning_rate(visitor, run, 0.5),
    "rename": lambda manager, visitor, run: manager.rename(visitor, run, "another title"),
    "keep": lambda manager, visitor, run: manager.keep(visitor, run, True),
    "delete": lambda manager, visitor, run: manager.delete(visitor, run),
}


def files(path: Path) -> dict[str, bytes]:
    """All that a run has, but for its lock."""
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name != records.LOCK
    }


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("owner", [ONE.owner, None], ids=["somebody's", "the server's own"])
def test_who_may_not_leaves_a_run_as_it_was(manager: JobManager, act: str, owner: str | None) -> None:
    path = paused(owner)
    before = files(path)
    with pytest.raises(NotYours, match="Another browser" if owner else "admin token"):
        ACTS[act](manager, TWO, path.name)
    assert files(path) == before
    assert manager.position(path.name) is None


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("visitor", "owner"),
    [(ONE, ONE.owner), (ADMIN, ONE.owner), (ADMIN, None)],
    ids=["own", "admin", "server's"],
)
def test_who_may_does(manager: JobManager, act: str, visitor: Visitor, owner: str | None) -> None:
    path = paused(owner)
    ACTS[act](manager, visitor, path.name)
    if act == "resume":
        wait(lambda: history.read(path).status == "finished")
        assert history.read(path).owner == owner  # whoever resumed it
    elif act == "rename":
        assert history.read(path).title == "another title"
    elif act == "keep":
        assert history.read(path).kept
    else:
        assert path.exists() == (act != "delete")


@pytest.mark.parametrize("act", ["stop", "pause", "rate", "delete"])
def test_in_training_too_a_run_obeys_only_its_own(manager: JobManager, act: str) -> None:
    run = manager.submit(ONE, SMALL, LONG)
    wait(lambda: bool(history.read(records.run_path(run)).batches))
    with pytest.raises(NotYours):
        ACTS[act](manager, TWO, run)
    before = history.read(records.run_path(run)).progress
    wait(lambda: history.read(records.run_path(run)).progress > before)
    assert history.read(records.run_path(run)).learning_rates == ()
    ACTS[act](manager, ONE, run)
    if act == "rate":
        wait(lambda: [rate["value"] for rate in history.read(records.run_path(run)).learning_rates] == [0.5])
        manager.stop(ONE, run)
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_what_a_page_or_an_id_says_of_the_owner_counts_for_nothing(manager: JobManager) -> None:
    """The tag of an id can be had by anybody who sees a link."""
    path = paused(ONE.owner)
    forged = path.rename(path.with_name(path.name.replace(tag(ONE.owner), tag(TWO.owner))))
    with pytest.raises(NotYours):
        manager.delete(TWO, forged.name)
    assert listing.own(TWO.owner).runs == ()
    manager.delete(ONE, forged.name)
    assert not forged.exists()


@pytest.mark.parametrize("spec", [b"", b"[]", b'{"owner": 5}', b'{"owner": "\\ud800"}', b"\x80"])
def test_a_run_whose_spec_is_damaged_is_deleted_by_an_administrator_only(
    manager: JobManager, spec: bytes
) -> None:
    path = paused(ONE.owner)
    (path / records.SPEC).write_bytes(spec)
    for act in ACTS.values():
        with pytest.raises((records.RunError, NotYours)):
            act(manager, ONE, path.name)
    assert path.exists()
    manager.delete(ADMIN, path.name)
    assert not path.exists()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("visitor", [ONE, ADMIN], ids=["a visitor", "admin"])
@pytest.mark.parametrize("run_id", ["20261125-170445-digits-0123abcd", "../escape", "", ".", "a\0b"])
def test_what_is_no_run_is_said_to_be_none(
    manager: JobManager, act: str, visitor: Visitor, run_id: str
) -> None:
    with pytest.raises(records.RunError):
        ACTS[act](manager, visitor, run_id)
    assert not records.runs_home().exists() or list(records.runs_home().iterdir()) == []


class Kept(ThreadLauncher):
    """Remembers its workers."""

    def __init__(self) -> None:
        self.workers: list[ThreadWorker] = []

    def launch(self, slot: int) -> ThreadWorker:
        self.workers.append(super().launch(slot))
        return self.workers[-1]


def test_who_comes_back_after_the_server_was_started_anew_finds_the_run_and_goes_on() -> None:
    """The tab is closed and the server ends while it trains in its first epoch."""
    launcher = Kept()
    manager = JobManager(launcher, slots=1)
    run = manager.submit(ONE, SMALL, LONG, "a title")
    path = records.run_path(run)
    wait(lambda: bool(history.read(path).batches))
    launcher.workers[0].send({"do": "hangup"})  # as the end of its input does
    wait(lambda: not history.read(path).active)
    again = JobManager(ThreadLauncher(), slots=1)
    assert again.owned_by(ONE.owner) == []
    (found,) = listing.own(ONE.owner).runs
    assert (found.id, found.title, found.status) == (run, "a title", "interrupted")
    assert listing.own(TWO.owner).runs == listing.servers().runs == ()
    with pytest.raises(NotYours):
        again.resume(TWO, run)
    before = history.read(path)
    assert before.epochs == ()
    again.resume(ONE, run)
    wait(lambda: history.read(path).progress > before.progress)
    again.stop(ONE, run)
    wait(lambda: history.read(path).status == "stopped")


def test_a_run_that_was_killed_with_its_server_is_found_too() -> None:
    path = records.create(SMALL, SHORT, "a title", owner=ONE.owner)
    records.append(path, {"type": "queued"})
    again = JobManager(ThreadLauncher(), slots=1)
    (found,) = listing.own(ONE.owner).runs
    assert (found.id, found.status) == (path.name, "interrupted")
    with pytest.raises(NotYours):
        again.resume(TWO, path.name)
    again.resume(ONE, path.name)
    wait(lambda: history.read(path).status == "finished")
