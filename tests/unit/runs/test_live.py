"""A run that is watched: read once, shared, and never out of date."""

import shutil
import threading
from pathlib import Path

import pytest

from cnn_core import files
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import about, history, live, records
from cnn_core.runs.recent import Recent
from cnn_core.training.settings import TrainSettings
from tests.support.told import batch, started

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SETTINGS = TrainSettings(dataset="digits", epochs=3)
SCORES = {"accuracy": 0.5, "macro_f1": 0.5, "loss": None, "images": 1, "confusion_matrix": [[1, 0], [0, 1]]}


def create() -> Path:
    path = records.create(SMALL, SETTINGS, "a run")
    records.append(path, {"type": "queued"})
    records.append(path, started(0, 0, 10))
    return path


def test_it_is_the_same_object_until_something_changes_and_then_what_a_whole_reading_gives() -> None:
    path = create()
    first = live.read(path.name)
    assert first == history.read(path)
    assert live.read(path.name) is first
    seen = [first]
    records.append(path, batch(0, 1))
    seen.append(live.read(path.name))
    about.change(path, title="another title", kept=True)
    seen.append(live.read(path.name))
    files.write_json(path / records.METRICS, SCORES)
    seen.append(live.read(path.name))
    assert seen[-1] == history.read(path)
    assert len({id(run) for run in seen}) == 4
    assert (seen[1].batches[-1]["step"], seen[2].title, seen[2].kept) == (1, "another title", True)
    assert seen[3].test == SCORES
    assert first.batches == ()  # what was given out before is as it was


def test_a_poll_of_a_run_in_training_reads_no_other_file_again(monkeypatch: pytest.MonkeyPatch) -> None:
    path = create()
    files.write_json(path / records.METRICS, SCORES)
    live.read(path.name)
    opened, names = files.open_regular, []

    def noted(path: Path) -> object:
        names.append(path.name)
        return opened(path)

    monkeypatch.setattr(files, "open_regular", noted)
    live.read(path.name)
    assert names == []
    records.append(path, batch(0, 1))
    live.read(path.name)
    assert names == [records.EVENTS]


def test_a_run_that_is_deleted_and_one_that_comes_in_its_place_are_seen() -> None:
    path = create()
    records.append(path, batch(0, 1))
    live.read(path.name)
    shutil.rmtree(path)
    with pytest.raises(records.GoneError):
        live.read(path.name)
    path.mkdir()
    records.create(SMALL, SETTINGS, "another run", path)
    assert live.read(path.name).title == "another run"
    assert live.read(path.name).batches == ()


def test_a_run_that_came_to_harm_and_was_repaired_is_read_again() -> None:
    path = create()
    sound = live.read(path.name)
    spec = (path / records.SPEC).read_bytes()
    (path / records.SPEC).write_bytes(spec[:-10])
    with pytest.raises(records.RunError, match=r"spec\.json is damaged"):
        live.read(path.name)
    (path / records.SPEC).write_bytes(spec)
    assert live.read(path.name) == sound


def test_only_so_many_runs_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_watched", Recent(2))
    paths = [create() for _ in range(3)]
    runs = [live.read(path.name) for path in paths]
    assert live.read(paths[2].name) is runs[2]
    assert live.read(paths[1].name) is runs[1]
    again = live.read(paths[0].name)
    assert again == runs[0]
    assert again is not runs[0]


def test_many_may_watch_a_run_while_it_is_written() -> None:
    path = create()
    found: list[list[int]] = [[] for _ in range(4)]

    def watch(steps: list[int]) -> None:
        while not steps or steps[-1] < 200:
            batches = live.read(path.name).batches
            steps.append(batches[-1]["step"] if batches else 0)
            assert [event["step"] for event in batches] == list(range(1, len(batches) + 1))

    threads = [threading.Thread(target=watch, args=(steps,)) for steps in found]
    for thread in threads:
        thread.start()
    for step in range(1, 201):
        records.append(path, batch(0, step))
    for thread in threads:
        thread.join(timeout=20)
    assert all(steps == sorted(steps) and steps[-1] == 200 for steps in found)


def test_waiting_for_numbers_ends_with_them_with_the_run_or_with_the_time() -> None:
    path = create()
    assert not live.wait_for_numbers(path.name, 0.05)
    records.append(path, batch(0, 1))
    assert live.wait_for_numbers(path.name, 5)
    other = create()
    records.append(other, {"type": "failed", "reason": "It failed."})
    assert live.wait_for_numbers(other.name, 5)
