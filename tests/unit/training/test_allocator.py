"""The allocator's settings reach a process that is started with them."""

import os
import subprocess
import sys

import pytest

from cnn_core.training import allocator


def test_every_threshold_is_a_number_of_bytes() -> None:
    settings = dict(part.split("=") for part in allocator.ENVIRONMENT["GLIBC_TUNABLES"].split(":"))
    assert int(settings["glibc.malloc.mmap_threshold"]) == 4 * 2**30
    assert int(settings["glibc.malloc.trim_threshold"]) == 16 * 2**30


@pytest.mark.skipif(sys.platform != "linux", reason="glibc is Linux's")
def test_freed_memory_is_kept() -> None:
    """256 MB given back and taken again four times: the pages are faulted in once, not at every turn."""
    code = (
        "import ctypes, resource\n"
        "for _ in range(4):\n"
        "    block = bytearray(256 << 20); del block\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)\n"
    )

    def faults(environment: dict[str, str]) -> int:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("GLIBC", "MALLOC"))
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**clean, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    assert faults(allocator.ENVIRONMENT) < faults({})
