"""What this machine computes on. Without torch, so that the first page can tell before torch is imported."""

import functools
import math
import os
import platform
import shutil
import subprocess
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")  # what a container may use, by version 2 or 1 of control groups


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
    """How many CPU cores this process may use: those it may run on, or its container's share of time, rounded up."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for read in (_quota, _quota_of_version_1):
        try:
            quota, period = read()
        except (OSError, ValueError):
            continue  # no such file, or "max": no limit
        if quota > 0 and period > 0:
            return max(1, min(there, math.ceil(quota / period)))
    return there


def _quota() -> tuple[int, int]:
    quota, period = (CGROUP / "cpu.max").read_text().split()
    return int(quota), int(period)


def _quota_of_version_1() -> tuple[int, int]:
    quota, period = ((CGROUP / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
    return int(quota), int(period)


def memory_bytes() -> int | None:
    """How much memory this process may use: the machine's, or its container's share; None where nobody tells."""
    found = []
    if hasattr(os, "sysconf") and {"SC_PAGE_SIZE", "SC_PHYS_PAGES"} <= set(os.sysconf_names):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for limit in (CGROUP / "memory.max", CGROUP / "memory" / "memory.limit_in_bytes"):
        try:
            found.append(int(limit.read_text()))
        except (OSError, ValueError):
            continue  # no such file, or "max": no limit
    return min(found, default=None)
