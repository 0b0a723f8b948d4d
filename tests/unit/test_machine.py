"""What this machine computes on, told without torch."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cnn_core import machine


@pytest.fixture(autouse=True)
def _forget() -> None:
    machine.gpus.cache_clear()


def test_the_driver_s_gpus_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    answer = subprocess.CompletedProcess([], 0, stdout="NVIDIA H200\nNVIDIA H200\n\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert machine.gpus() == ("NVIDIA H200", "NVIDIA H200")
    assert machine.describe() == "NVIDIA H200, NVIDIA H200"
    machine.gpus.cache_clear()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert machine.gpus() == ()
    machine.gpus.cache_clear()


def test_a_driver_that_fails_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(9, "nvidia-smi")

    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert machine.gpus() == ()
    machine.gpus.cache_clear()


def test_memory_is_the_smaller_of_machine_and_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    whole = machine.memory_bytes()
    (tmp_path / "memory.max").write_text("1000000\n")
    assert machine.memory_bytes() == 1_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.memory_bytes() == whole
