"""The names of runs: in order, never out of date, and looked at only where one came or went."""

import os
import time
from pathlib import Path

import pytest

from cnn_core.runs import names as names_module
from cnn_core.runs.names import Names

TAG, OTHER = "01234567", "89abcdef"


def make(home: Path, second: int, tag: str = "") -> str:
    name = f"20260101-1200{second:02}-mnist-{tag}{second:08x}"
    (home / name).mkdir()
    return name


def settle(home: Path) -> None:
    """As if nothing had come for a minute."""
    then = time.time() - 60
    os.utime(home, (then, then))


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    scandir, seen = os.scandir, []
    monkeypatch.setattr(os, "scandir", lambda path: seen.append(path) or scandir(path))
    return seen


def test_the_newest_of_a_tag_come_first_and_the_others_are_counted(tmp_path: Path) -> None:
    made = {tag: [make(tmp_path, second, tag) for second in (3, 1, 2)] for tag in (TAG, OTHER, "")}
    names = Names()
    for tag in (TAG, OTHER, ""):
        three, one, two = made[tag]
        assert names.newest(tmp_path, tag or None, 9) == ([three, two, one], 0)
        assert names.newest(tmp_path, tag or None, 2) == ([three, two], 1)
    assert names.newest(tmp_path, "ffffffff", 9) == ([], 0)


def test_what_comes_and_goes_is_seen_at_once(tmp_path: Path) -> None:
    names = Names()
    here: list[str] = []
    for second in range(30):
        here.append(make(tmp_path, second, TAG))
        if second % 3 == 2:
            (tmp_path / here.pop(second // 3)).rmdir()
        assert names.newest(tmp_path, TAG, 99) == (here[::-1], 0)


def test_a_folder_that_stays_as_it_is_is_looked_into_once(tmp_path: Path, scans: list[object]) -> None:
    one, names = make(tmp_path, 1), Names()
    settle(tmp_path)
    for _ in range(5):
        assert names.newest(tmp_path, None, 9) == ([one], 0)
    assert len(scans) == 1
    two = make(tmp_path, 2)
    settle(tmp_path)
    os.utime(tmp_path, (time.time() - 59,) * 2)
    for _ in range(5):
        assert names.newest(tmp_path, None, 9) == ([two, one], 0)
    assert len(scans) == 2


@pytest.mark.parametrize("counted", [True, False])
def test_one_that_comes_within_the_clocks_tick_is_seen(
    tmp_path: Path, counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not counted:
        stamp = names_module._stamp
        monkeypatch.setattr(names_module, "_stamp", lambda home: (stamp(home)[0], 1))
    one, names = make(tmp_path, 1), Names()
    now = time.time_ns()
    os.utime(tmp_path, ns=(now, now))
    assert names.newest(tmp_path, None, 9) == ([one], 0)
    two = make(tmp_path, 2)
    os.utime(tmp_path, ns=(now, now))  # the clock has not moved on
    assert names.newest(tmp_path, None, 9) == ([two, one], 0)


def test_another_home_has_other_names_and_one_that_is_not_there_none(tmp_path: Path) -> None:
    names = Names()
    for home in ("a", "b"):
        (tmp_path / home).mkdir()
        made = make(tmp_path / home, 1 if home == "a" else 2)
        assert names.newest(tmp_path / home, None, 9) == ([made], 0)
    assert names.newest(tmp_path / "c", None, 9) == ([], 0)
