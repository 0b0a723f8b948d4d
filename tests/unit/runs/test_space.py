"""How much of the disk the runs take: measured once, counted for whose they are; and what those that are kept may."""

import json
import os
from pathlib import Path

import pytest

from cnn_core.limits import LimitReached, Limits
from cnn_core.runs import about, ownership, records, space
from cnn_core.runs.space import Space, Usage, Used

ME, OTHER = ownership.owner_of("me"), ownership.owner_of("other")
MB = 1_000_000


def make_run(
    owner: str | None = ME, megabytes: float = 1.0, changed: float = 1e9, kept: bool = False, name: str = ""
) -> Path:
    """A folder as a run leaves it, of exactly so many bytes, whose last change was at `changed`."""
    parent = records.runs_home()
    path = parent / (name or f"20260101-000000-digits-{ownership.id_end(owner)}")
    path.mkdir(parents=True)
    (path / records.SPEC).write_text(json.dumps({} if owner is None else {"owner": owner}))
    (path / records.EVENTS).write_text('{"type": "stopped", "reason": ""}\n')
    if kept:
        (path / about.ABOUT).write_text('{"kept": true}')
    rest = round(megabytes * MB) - sum(file.stat().st_size for file in path.iterdir())
    (path / records.BEST).touch()
    os.truncate(path / records.BEST, rest)
    (path / records.LOCK).touch()
    for file in path.iterdir():
        if file.name != records.LOCK:
            os.utime(file, (changed, changed))
    return path


def test_a_run_is_all_its_files_and_as_old_as_its_last_change_whoever_looked_at_its_lock() -> None:
    path = make_run(megabytes=2, changed=1e9)
    (path / records.EPOCHS).mkdir()
    os.utime(path / records.EPOCHS, (1e9, 1e9))
    folder = (path / records.EPOCHS).lstat().st_size
    assert space.measure(path) == Usage(ME, 2 * MB + folder, 1e9, kept=False)
    assert space.measure(make_run(kept=True)).kept  # type: ignore[union-attr]
    assert space.measure(make_run(owner=None)) is None
    assert space.measure(records.runs_home() / "none") is None


def test_a_damaged_run_is_counted_for_its_tag_and_never_as_not_kept() -> None:
    path = make_run(kept=True)
    (path / records.SPEC).write_text("{")
    (path / about.ABOUT).write_text("[")
    found = space.measure(path)
    assert found is not None
    assert (found.owner, found.kept) == (ownership.tag(ME), True)
    known = Space()
    known.look_at(path)
    assert known.used(ME).own == found.bytes
    assert known.used(OTHER).own == 0


def test_each_visitors_runs_are_summed_but_for_those_in_the_queue() -> None:
    known = Space()
    paths = [make_run(ME, 1), make_run(ME, 2), make_run(OTHER, 4), make_run(None, 8)]
    for path in paths:
        known.look_at(path)
    assert known.used(ME) == Used(3 * MB, 7 * MB)
    assert known.used(ME, {paths[1].name}) == Used(1 * MB, 5 * MB)
    assert [run_id for run_id, _ in known.oldest({paths[0].name})] == [paths[1].name, paths[2].name]
    known.forget(paths[2].name)
    assert known.used(ME) == Used(3 * MB, 3 * MB)
    known.forget_others({paths[0].name})
    assert known.used(ME) == Used(1 * MB, 1 * MB)


def test_a_run_that_left_the_queue_is_looked_into_once() -> None:
    known, path = Space(), make_run(ME, 1)
    known.queued(path)
    known.settle({path.name})
    assert known.used(ME) == Used()
    known.settle(set())
    assert known.used(ME) == Used(MB, MB)
    os.truncate(path / records.BEST, 0)
    known.settle(set())
    assert known.used(ME) == Used(MB, MB)


def test_all_that_are_kept_take_half_of_the_disk_at_most() -> None:
    known, most = Space(), Limits(disk_mb=10)
    known.keep(make_run(OTHER, 3), True, most)
    path = make_run(ME, 2)
    known.keep(path, True, most)
    with pytest.raises(
        LimitReached, match="take 5 MB of the 5 MB that they may, and this one would add 1 MB"
    ):
        known.keep(make_run(ME, 1), True, most)
    known.keep(path, True, most)  # it is among them already
    known.keep(path, False, most)
    known.keep(make_run(ME, 1), True, most)
    assert [run_id for run_id, _ in known.oldest()] == [path.name]
