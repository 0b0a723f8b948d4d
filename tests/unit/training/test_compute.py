"""Which device is taken, what it is called, and that bfloat16 is only used where it is real."""

import pytest
import torch

from cnn_core import machine
from cnn_core.training import compute


def test_auto_takes_the_first_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert compute.pick_device().type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert compute.pick_device().type == "cpu"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert compute.pick_device().type == "mps"
    assert compute.pick_device("cpu").type == "cpu"


def test_a_device_that_is_not_there_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="device is 'cuda'"):
        compute.pick_device("cuda")


def test_the_cpu_is_called_by_its_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 6)
    assert compute.device_name(torch.device("cpu")) == "CPU, 6 cores"


@pytest.mark.parametrize(("unit", "pays"), [("avx512_bf16", True), ("amx_tile", True), (None, False)])
def test_bfloat16_pays_where_the_processor_multiplies_it(
    monkeypatch: pytest.MonkeyPatch, unit: str | None, pays: bool
) -> None:
    for name in ("avx512_bf16", "amx_tile"):
        monkeypatch.setattr(torch.cpu, f"_is_{name}_supported", lambda name=name: name == unit, raising=False)
    assert compute.bfloat16_pays(torch.device("cpu")) is pays
    assert compute.bfloat16_pays(torch.device("meta")) is False
