"""A run's folder: its name is nobody else's, and it is there whole or not at all."""

from pathlib import Path

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import history, ownership, records
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)


def create(**changes: object) -> Path:
    options = {"dataset": "digits", "epochs": 2, "device": "cpu", "learning_rate": 0.02, **changes}
    return records.create(SMALL, TrainSettings(**options), "a small run")


@pytest.mark.parametrize("hostile", ["", "../etc", "a/b", ".", "..", "/root"])
def test_a_runs_id_from_a_url_cannot_leave_the_folder_of_runs(hostile: str) -> None:
    with pytest.raises(records.RunError):
        records.run_path(hostile)


def test_two_runs_never_get_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["same", "same", "same", "other"])
    monkeypatch.setattr(ownership.secrets, "token_hex", lambda _count: next(drawn))
    monkeypatch.setattr(records.time, "strftime", lambda *_: "20260101-000000")  # within one second
    first = create(seed=1)
    execute(first)
    second = create(seed=2)
    assert second.name == first.name.replace("same", "other")
    assert history.read(first).settings.seed == 1
    assert history.read(first).status == "finished"
    assert history.read(second).settings.seed == 2


def test_runs_begun_at_once_differ_by_more_than_luck() -> None:
    names = {create().name for _ in range(20)}
    assert len(names) == 20
    assert all(len(name.rpartition("-")[2]) >= 8 for name in names)  # 4 billion values a second and dataset


def test_a_full_disk_leaves_no_folder_without_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(records.files, "write_json", full)
    with pytest.raises(OSError, match="No space left"):
        create()
    assert list(records.runs_home().iterdir()) == []
