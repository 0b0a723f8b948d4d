"""What this machine computes on. Without torch, so that the first page can tell before torch is imported."""

import functools
import os
import platform
import shutil
import subprocess


@functools.cache
def gpus() -> tuple[str, ...]:
    """The names of the NVIDIA GPUs that this process may use, as the driver's `nvidia-smi` tells them; often empty."""
    tool = shutil.which("nvidia-smi")
    if tool is None or os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return ()
    try:
        listing = subprocess.run(
            [tool, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in listing.stdout.splitlines() if line.strip())


def describe() -> str:
    """One line on what training will run on: "NVIDIA H200", "Apple GPU (MPS)" or "CPU, 2 cores"."""
    if gpus():
        return ", ".join(gpus())
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return "Apple GPU (MPS)"
    return f"CPU, {cores()} cores"


def cores() -> int:
    """How many CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
