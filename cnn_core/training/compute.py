"""What torch computes on: the device, its name, whether bfloat16 pays there, and what it holds in memory."""

import sys
from typing import Any

import torch

from cnn_core import machine
from cnn_core.arrays import not_allowed


def pick_device(wanted: str = "auto") -> torch.device:
    """The device to train on: CUDA, else MPS, else the CPU; raises `ValueError` where a wanted one is not there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(name for name, found in there.items() if found))
    if not there.get(wanted, False):
        here = ", ".join(["auto", *(name for name, found in there.items() if found)])
        raise ValueError(
            not_allowed("device", f"{wanted!r}, which this machine does not have", f"one of {here}")
        )
    return torch.device(wanted)


def device_name(device: torch.device) -> str:
    """What to call the device on a page: "NVIDIA H200", "Apple GPU (MPS)", "CPU, 2 cores"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU (MPS)" if device.type == "mps" else f"CPU, {machine.cores()} cores"


def bfloat16_pays(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 itself; where it would be emulated it costs time."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        cpu: Any = torch.cpu  # the capability test is underscored, and absent in some builds
        return any(getattr(cpu, f"_is_{unit}_supported", bool)() for unit in ("avx512_bf16", "amx_tile"))
    return False


def peak_memory(device: torch.device) -> int | None:
    """The most bytes that this process has held so far: on the GPU where it is one; None where no system tells."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) * (1 if sys.platform == "darwin" else 1024)
