"""Experiments: their runs follow one another, whoever looks; they are held up, go on, and outlive their server."""

from pathlib import Path

import pytest

from cnn_core import limits
from cnn_core.limits import LimitReached
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import following, history, live, records, series
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.ownership import NotYours
from cnn_core.runs.series import Planned, Series, SeriesFileError
from cnn_core.runs.series_cost import cost, seconds_left
from cnn_core.series import KINDS
from cnn_core.series.base import Base, asked
from cnn_core.training.settings import TrainSettings
from tests.support.thread_launcher import ThreadLauncher, wait
from tests.support.visitors import ONE, TWO

BASE = Base(
    Architecture((1, 28, 28), shorthand.from_text("conv4-pool4-flatten-linear10"), 10),
    TrainSettings(dataset="digits", epochs=1, device="cpu"),
)
ENDLESS = Base(BASE.architecture, TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8))


def planned(base: Base = BASE, seeds: int = 3) -> tuple[Planned, ...]:
    return series.plan(asked(KINDS["seeds"].variants(base, "", []), seeds))


@pytest.fixture
def manager() -> JobManager:
    return JobManager(ThreadLauncher(), slots=1)


def begun(manager: JobManager, runs: tuple[Planned, ...]) -> str:
    return manager.series.begin(ONE, "seeds", "", BASE.settings, runs)


def now(manager: JobManager, name: str) -> Series:
    return manager.series.get(name)


def test_a_sweep_trains_every_run_and_its_scores_grow_with_the_images(manager: JobManager) -> None:
    kind = KINDS["amount"]
    base = Base(
        BASE.architecture, TrainSettings(dataset="digits", epochs=3, device="cpu", learning_rate=0.02)
    )
    runs = series.plan(asked(kind.variants(base, "", ["10", "all"]), 1))
    name = manager.series.begin(ONE, "amount", "", base.settings, runs)
    # One at a time is in the queue, so that others' turns come between.
    assert len(manager.owned_by(ONE.owner)) == 1
    assert seconds_left(now(manager, name), manager) > 0
    wait(lambda: now(manager, name).state == "ended", 120)
    done = [live.read(one.run) for one in now(manager, name).runs]
    assert [run.status for run in done] == ["finished", "finished"]
    assert [run.started["images"] for run in done if run.started] == [10, 1298]
    few, every = (run.test["accuracy"] for run in done if run.test)
    assert every > few + 0.1
    assert done[0].title == "10 images, seed 0"
    assert done[0].owner == ONE.owner
    assert series.read(name) == now(manager, name)


def test_one_that_cannot_go_on_is_held_up(manager: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a fault of this program")

    name = begun(manager, planned(seeds=2))
    with monkeypatch.context() as patch:
        patch.setattr(manager, "submit", broken)
        wait(lambda: now(manager, name).state == "paused", 120)
    assert series.read(name).state == "paused"
    manager.series.go_on(ONE, name)
    wait(lambda: now(manager, name).state == "ended", 120)
    assert len(now(manager, name).begun) == 2


def test_it_is_held_up_and_goes_on_where_it_was(manager: JobManager) -> None:
    name = begun(manager, planned(ENDLESS))
    (first,) = now(manager, name).begun
    wait(lambda: bool(live.read(first).batches))
    with pytest.raises(NotYours):
        manager.series.pause(TWO, name)
    manager.series.pause(ONE, name)
    wait(lambda: manager.position(first) is None)
    assert live.read(first).status == "paused"
    assert now(manager, name).state == "paused"
    manager.series.go_on(ONE, name)
    wait(lambda: manager.position(first) == 0)
    assert now(manager, name).begun == (first,)
    manager.series.cancel(ONE, name)
    assert now(manager, name).state == "ended"
    assert [one.run for one in now(manager, name).runs] == [first]  # what has begun goes on to its end
    assert manager.position(first) == 0
    manager.stop(ONE, first)
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_it_goes_on_though_its_run_has_not_paused_yet(manager: JobManager) -> None:
    settings = TrainSettings(dataset="digits", epochs=8, device="cpu", batch_size=8)
    name = begun(manager, planned(Base(BASE.architecture, settings), 2))
    (first,) = now(manager, name).begun
    wait(lambda: bool(live.read(first).batches))
    manager.series.pause(ONE, name)
    assert manager.position(first) == 0  # it has been told, and is about to
    manager.series.go_on(ONE, name)
    wait(lambda: now(manager, name).state != "going", 120)
    assert now(manager, name).state == "ended"
    assert [live.read(run).status for run in now(manager, name).begun] == ["finished", "finished"]


def test_a_run_that_is_paused_or_deleted_elsewhere_is_noticed(manager: JobManager) -> None:
    name = begun(manager, planned(ENDLESS, 2))
    (first,) = now(manager, name).begun
    wait(lambda: bool(live.read(first).batches))
    manager.pause(ONE, first)
    wait(lambda: now(manager, name).state == "paused")
    manager.delete(ONE, first)
    manager.series.go_on(ONE, name)
    wait(lambda: len(now(manager, name).begun) == 2)
    manager.series.cancel(ONE, name)
    manager.stop(ONE, now(manager, name).begun[1])
    wait(lambda: manager.owned_by(ONE.owner) == [])


def test_another_server_finds_it_held_up_and_goes_on(manager: JobManager) -> None:
    name = begun(manager, planned(ENDLESS, 2))
    (first,) = now(manager, name).begun
    wait(lambda: bool(live.read(first).batches))
    manager.pause(ONE, first)
    wait(lambda: manager.position(first) is None)
    other = JobManager(ThreadLauncher(), slots=1)
    assert now(other, name).state == "paused"
    assert now(other, name).begun == (first,)
    other.series.go_on(ONE, name)
    wait(lambda: other.position(first) == 0)
    other.series.cancel(ONE, name)
    other.stop(ONE, first)
    wait(lambda: other.owned_by(ONE.owner) == [])


def test_limits_are_said(manager: JobManager) -> None:
    with limits.using(series_runs=2):
        assert cost(planned()).refusal(limits.limits()) == (
            "These are 3 runs; an experiment may have 2 here. Take fewer values or seeds."
        )
        with pytest.raises(LimitReached, match="3 runs are more than the 2"):
            begun(manager, planned())
    name = begun(manager, planned(ENDLESS))
    with pytest.raises(LimitReached, match="Another experiment of yours"):
        begun(manager, planned())
    (first,) = now(manager, name).begun
    manager.series.cancel(ONE, name)
    wait(lambda: bool(live.read(first).batches))
    with limits.using(queue_per_visitor=1):
        second = begun(manager, planned(BASE, 1))
        assert "You already have a run in training" in manager.series.waits_for(second)
        manager.stop(ONE, first)
        wait(lambda: now(manager, second).state == "ended")
    assert manager.series.waits_for(second) == ""


def test_what_cannot_be_trained_is_passed_over(manager: JobManager) -> None:
    broken = Architecture((1, 28, 28), shorthand.from_text("conv4_k31-flatten-linear10"), 10)
    runs = (Planned("broken", broken, BASE.settings), *planned(BASE, 1))
    name = begun(manager, runs)
    wait(lambda: now(manager, name).state == "ended")
    assert now(manager, name).runs[0].reason
    assert live.read(now(manager, name).runs[1].run).status == "finished"


def test_a_run_that_is_there_already_is_not_trained_again() -> None:
    there = Planned("", BASE.architecture, BASE.settings, run="20260101-000000-digits-0000000000000000")
    runs = series.plan(asked(KINDS["seeds"].variants(BASE, "", []), 2), there)
    assert [one.run for one in runs] == [there.run, ""]
    assert cost(runs).words().startswith("1 run, beside 1 that there is already: about ")


def test_its_runs_are_told_apart_by_what_became_of_them(convlens_home: Path) -> None:
    assert following._status("never-there") == "stopped"
    path = records.create(BASE.architecture, BASE.settings, "x", owner=ONE.owner)
    records.append(path, {"type": "paused", "reason": ""})
    assert following._status(path.name) == history.RESUMABLE[0]


@pytest.mark.parametrize("content", ["", "{}", '{"runs": 3}', '{"owner": "x", "runs": [{}]}'])
def test_a_damaged_file_is_said(content: str, manager: JobManager) -> None:
    name = begun(manager, planned(BASE, 1))
    wait(lambda: now(manager, name).state == "ended")
    (series.home() / f"{name}.json").write_text(content)
    with pytest.raises(SeriesFileError, match="is damaged"):
        manager.series.get(name)
    for strange in ("../../etc/passwd", "", "a\0b", name[:-1]):
        with pytest.raises(SeriesFileError, match="no such experiment"):
            manager.series.get(strange)
