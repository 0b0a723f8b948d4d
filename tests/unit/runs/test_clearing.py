"""The clearing rule: what is old and not kept goes, and the oldest where space is short; nothing else ever does."""

import os
import time
from pathlib import Path

import pytest
from filelock import FileLock

from cnn_core.limits import Limits, using
from cnn_core.runs import about, clearing, records, unhurried
from cnn_core.runs.clearing import Clearing
from cnn_core.runs.deletion import Removals
from cnn_core.runs.line import Job, Line
from cnn_core.runs.places import Place
from cnn_core.runs.space import Space
from tests.support.thread_launcher import wait
from tests.unit.runs.test_space import MB, ME, OTHER, make_run

DAY = 86_400


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def clear(line: Line) -> Clearing:
    return Clearing(line, Removals(line.changed), Space())


def ago(days: float) -> float:
    return time.time() - days * DAY


def there() -> set[str]:
    return {path.name for path in records.runs_home().iterdir()}


def test_what_is_old_and_not_kept_goes(clear: Clearing) -> None:
    old = make_run(changed=ago(3.1))
    kept = make_run(changed=ago(99), kept=True)
    young = make_run(changed=ago(2.9))
    servers = make_run(owner=None, changed=ago(99))
    named = make_run(owner=None, changed=ago(99), name="of the command line")
    with using(days=3.0):
        clear.look()
        clear.clear_old()
    assert there() == {kept.name, young.name, servers.name, named.name}
    assert old.name not in dict(clear._space.oldest())


def test_one_in_the_queue_held_by_a_process_or_cut_short_stays_however_old(
    clear: Clearing, line: Line
) -> None:
    queued, held, running, goes = (make_run(changed=ago(99)) for _ in range(4))
    line.add(Job(queued, Place(ME), records.lock(queued)))
    with (running / records.EVENTS).open("a") as file:
        file.write('{"type": "queued"}\n')
    os.utime(running / records.EVENTS, (ago(99), ago(99)))
    with FileLock(held / records.LOCK):
        clear.look()
        clear.clear_old()
    assert there() == {queued.name, held.name, running.name}
    assert goes.name not in there()


def test_what_was_kept_or_changed_since_it_was_looked_at_stays(clear: Clearing) -> None:
    kept, changed = make_run(changed=ago(99)), make_run(changed=ago(99))
    clear.look()
    about.change(kept, kept=True)
    os.utime(changed / records.EVENTS)
    clear.clear_old()
    assert there() - {".about.lock"} == {kept.name, changed.name}
    assert dict(clear._space.oldest()).keys() == {changed.name}


def test_where_space_is_short_the_oldest_that_nobody_keeps_go_first(clear: Clearing, line: Line) -> None:
    kept = make_run(ME, 3, ago(9), kept=True)
    runs = [make_run(owner, 2, ago(days)) for owner, days in ((ME, 5), (OTHER, 4), (ME, 3))]
    clear.look()
    with using(disk_mb=10):  # full from 9 MB on
        clear.clear_too_much()
        assert there() == {kept.name, *(run.name for run in runs)}
        waiting = make_run(OTHER, 0.01, ago(0))
        line.add(Job(waiting, Place(OTHER, bytes=1 * MB), records.lock(waiting)))
        clear.clear_too_much()
        assert there() == {kept.name, waiting.name, runs[1].name, runs[2].name}


def test_it_looks_at_start_and_when_it_is_asked(clear: Clearing) -> None:
    old = make_run(changed=ago(99))
    clear.start()
    wait(lambda: not old.exists())
    large = make_run(megabytes=5, changed=ago(1))
    clear._space.queued(large)
    with using(disk_mb=1):
        clear.ask()
        wait(lambda: not large.exists())


def test_a_folder_in_trouble_ends_nothing(clear: Clearing, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, old = make_run(changed=ago(99)), make_run(changed=ago(98))
    (records.runs_home() / "a file").touch()
    real = clearing.space.measure

    def broken(path: Path) -> object:
        if path == bad:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("cnn_core.runs.space.measure", broken)
    clear.look()
    clear.clear_old()
    assert bad.exists()
    assert not old.exists()


def test_many_runs_are_looked_at_with_rests(clear: Clearing, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(unhurried, "time", type("Time", (), {**vars(time), "sleep": rests.append}))
    for _ in range(45):
        make_run(megabytes=0.01)
    clear.look()
    assert len(rests) == 2
    assert all(rest >= 0 for rest in rests)
    assert clear._space.used(ME).own == 45 * 10_000


def test_the_rule_is_a_sentence() -> None:
    assert clearing.rule(Limits()) == (
        "Others are removed 14 days after their last change, or sooner where the disk gets short."
    )
    assert "removed a day after" in clearing.rule(Limits(days=1.0))


def test_it_clears_the_home_that_was_there_when_its_server_began(
    clear: Clearing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = make_run(changed=ago(99))
    monkeypatch.setenv("CONVLENS_HOME", str(tmp_path / "another"))
    elsewhere = make_run(changed=ago(99))
    clear.look()
    clear.clear_old()
    assert not here.exists()
    assert elsewhere.exists()
