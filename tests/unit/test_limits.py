"""Limits are read from the environment; a wrong one is one sentence, and a server does not start with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_core import limits as module
from cnn_core.limits import Limits, LimitsError, limits, read, using

ROOT = Path(__file__).parents[2]


def test_nothing_set_is_the_defaults() -> None:
    assert read({"CONVLENS_MINUTES": "", "PATH": "/bin"}) == Limits()
    assert (Limits().minutes, Limits().queue, Limits().run_bytes) == (30, 60, 400_000_000)
    assert Limits().trains


def test_each_variable_sets_its_limit() -> None:
    found = read({"CONVLENS_TRAINING": "off", "CONVLENS_MINUTES": "2.5", "CONVLENS_DISK_MB": " 77 "})
    assert not found.trains
    assert (found.minutes, found.disk_mb, found.disk_bytes) == (2.5, 77, 77_000_000)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("CONVLENS_TRAINING", "no", "CONVLENS_TRAINING is 'no'; allowed is one of: on, off."),
        ("CONVLENS_QUEUE", "0", "CONVLENS_QUEUE is 0; allowed is a whole number from 1 to 10,000."),
        ("CONVLENS_QUEUE", "many", "CONVLENS_QUEUE is 'many'; allowed is a whole number from 1 to 10,000."),
        ("CONVLENS_MINUTES", "nan", "CONVLENS_MINUTES is nan; allowed is a number from 0.01 to 1,000,000."),
        ("CONVLENS_MINUTES", "inf", "CONVLENS_MINUTES is inf; allowed is a number from 0.01 to 1,000,000."),
        (
            "CONVLENS_RUN_MB",
            "1.5",
            "CONVLENS_RUN_MB is 1.5; allowed is a whole number from 10 to 100,000,000.",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(LimitsError, match="allowed is") as error:
        read({variable: value})
    assert str(error.value) == sentence


def test_digits_without_end_are_refused_at_once() -> None:
    with pytest.raises(LimitsError):
        read({"CONVLENS_QUEUE": "9" * 100_000})


def test_all_runs_get_a_fifth_of_a_small_disk_and_ten_gigabytes_of_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for total, allowed in ((20e9, 4_000_000_000), (5e12, 10_000_000_000)):
        usage = lambda _path, total=total: type("Usage", (), {"total": int(total)})  # noqa: E731
        monkeypatch.setattr(module.shutil, "disk_usage", usage)
        assert Limits().disk_bytes == allowed


def test_tests_can_have_others_for_a_while() -> None:
    before = limits()
    with using(minutes=1.0) as changed, using(queue=2):
        assert (changed.minutes, limits().minutes, limits().queue) == (1, 1, 2)
    assert limits() == before


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "streamlit", "run", "app.py", "--server.headless", "true"],
        ["-m", "cnn_core.train", "--network", "flatten-linear10"],
    ],
)
def test_a_server_does_not_start_with_a_wrong_one_and_says_so_without_a_traceback(command: list[str]) -> None:
    environment = {**os.environ, "CONVLENS_PARAMETERS": "-3"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "CONVLENS_PARAMETERS is -3; allowed is a whole number from 1,000" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
