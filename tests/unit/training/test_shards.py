"""Sharing a batch: parts in order, gradients of the whole batch, the share of cores that a container has."""

import os
from pathlib import Path

import pytest
import torch

from cnn_core import machine
from cnn_core.data import datasets
from cnn_core.networks.presets import PRESETS
from cnn_core.training.settings import TrainSettings
from cnn_core.training.shards import SMALLEST, Shards
from cnn_core.training.trainer import Trainer


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_parts_keep_their_order_and_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 2)
    shards = Shards(True)
    assert shards.count == 2
    with shards.sharing():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    indices = torch.arange(2 * SMALLEST + 1)
    parts = shards.split(indices)
    assert [len(part) for part in parts] == [SMALLEST + 1, SMALLEST]
    assert torch.equal(torch.cat(shards.map(lambda part: part * 2, parts)), indices * 2)
    assert shards.map(lambda number: -number, range(5)) == [0, -1, -2, -3, -4]
    assert len(shards.split(indices[: 2 * SMALLEST - 1])) == 1


def test_an_error_in_any_part_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 2)
    for failing in (0, 1):
        with pytest.raises(ZeroDivisionError):
            Shards(True).map(lambda number, bad=failing: 1 / (number - bad), [0, 1])


@pytest.mark.parametrize("preset", ["mnist-3conv", "lenet5"])
def test_shared_gradients_are_those_of_the_whole_batch(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for cores in (1, 2):
        monkeypatch.setattr(machine, "cores", lambda cores=cores: cores)
        monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
        settings = TrainSettings(dataset="digits", batch_size=128, train_limit=128, epochs=1, device="cpu")
        trainer = Trainer(PRESETS[preset].architecture(), settings, datasets.load("digits"))
        assert trainer._shards.count == cores
        step = next(trainer.steps())
        found[cores] = (step.loss, step.correct, *(p.grad for p in trainer.model.parameters()))
        for parameter in trainer.model.parameters():
            assert parameter.grad is not None
            assert parameter.grad.stride() == parameter.stride()
    for shared, whole in zip(found[2], found[1]):
        torch.testing.assert_close(shared, whole, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 4),
        ({"cpu.max": "1000 100000\n"}, 1),
        ({"cpu.max": "900000 100000\n"}, 4),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4),
        ({}, 4),
    ],
)
def test_a_container_gets_no_more_threads_than_its_share(
    files: dict[str, str], cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(4)), raising=False)
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert machine.cores() == cores
