"""Lists of runs: whose, in which order, what stands in them when a folder is damaged, and what they cost."""

import os
import threading
import time
from pathlib import Path

import pytest

from cnn_core import checkpoints, files
from cnn_core.checkpoints import CARD
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import about, history, listing, live, records, recovery
from cnn_core.runs.cards import card_of
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.ownership import owner_of, tag
from cnn_core.runs.recent import Recent
from cnn_core.training.settings import TrainSettings
from tests.support.told import batch, started

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SETTINGS = TrainSettings(dataset="digits", epochs=3)
ANN, BEN = owner_of("ann"), owner_of("ben")
MATRIX = [[0] * 10 for _ in range(10)]
SCORES = {"accuracy": 0.75, "macro_f1": 0.5, "loss": 0.1, "images": 4, "confusion_matrix": MATRIX}


def create(
    owner: str | None = None, title: str = "a run", name: str | None = None, trained: bool = False
) -> Path:
    path = None if name is None else records.runs_home() / name
    path = records.create(SMALL, SETTINGS, title, path, owner=owner)
    records.append(path, {"type": "queued"})
    if trained:
        card = card_of(history.read(path), None, "")
        files.write_json(path / CARD, card.to_dict())
        (path / records.BEST).write_bytes(b"weights")
        files.write_json(path / records.METRICS, SCORES)
        records.append(path, {"type": "finished", "accuracy": 0.75, "macro_f1": 0.5})
    return path


def ids(listed: listing.Listed) -> list[str]:
    return [run.id for run in listed.runs]


def test_a_visitor_sees_its_own_runs_and_the_servers_are_for_all() -> None:
    of_ann, of_ben, of_server = create(ANN), create(BEN), create()
    assert ids(listing.own(ANN)) == [of_ann.name]
    assert ids(listing.own(BEN)) == [of_ben.name]
    assert ids(listing.own(owner_of("nobody"))) == []
    assert ids(listing.servers()) == [of_server.name]


def test_the_digits_in_an_id_make_nobody_its_owner() -> None:
    create(BEN, name=f"20260101-120000-digits-{tag(ANN)}01234567")
    assert ids(listing.own(ANN)) == []
    create(BEN, name="a-run-that-was-copied")
    assert ids(listing.servers()) == []


def test_what_is_told_of_a_run() -> None:
    path = create(ANN, "the title that it began with", trained=True)
    about.change(path, title="the title given later", kept=True)
    (run,) = listing.own(ANN).runs
    assert run == listing.RunHead(
        id=path.name,
        title="the title given later",
        status="finished",
        reason="",
        created=history.read(path).created,
        dataset="digits",
        owner=ANN,
        kept=True,
        has_model=True,
        accuracy=0.75,
        damaged="",
    )
    assert listing.head(path.name) == run
    assert listing.head("20260101-120000-digits-00000000") is None
    assert listing.head("../etc") is None


def test_a_change_of_any_file_is_seen_at_once() -> None:
    path = create(ANN)
    assert [run.status for run in listing.own(ANN).runs] == ["queued"]
    records.append(path, started(0, 0, 10))
    records.append(path, batch(0, 1))
    assert [run.status for run in listing.own(ANN).runs] == ["running"]
    records.append(path, {"type": "failed", "reason": "It failed."})
    assert [(run.status, run.reason) for run in listing.own(ANN).runs] == [("failed", "It failed.")]
    about.change(path, kept=True)
    assert [run.kept for run in listing.own(ANN).runs] == [True]
    newer = create(ANN, name=f"29990101-120000-digits-{tag(ANN)}01234567")
    assert ids(listing.own(ANN)) == [newer.name, path.name]
    (newer / records.SPEC).unlink()
    (newer / records.EVENTS).unlink()
    assert ids(listing.own(ANN)) == [path.name]


def test_the_newest_come_first_whatever_they_are_called() -> None:
    names = ["20250301-120000-digits-01234567", "20250101-120000-mnist-01234567", "from-the-command-line"]
    for name in names:
        create(name=name)
    between = time.mktime((2025, 2, 1, 12, 0, 0, 0, 0, -1))
    os.utime(records.runs_home() / names[2], (between, between))
    assert ids(listing.servers()) == [names[0], names[2], names[1]]


def test_of_many_runs_the_newest_are_told_and_the_others_counted() -> None:
    for number in range(12):
        create(ANN, name=f"20260101-1200{number:02}-digits-{tag(ANN)}{number:08}")
    listed = listing.own(ANN, most=5)
    assert [run.id[13:15] for run in listed.runs] == ["11", "10", "09", "08", "07"]
    assert listed.more == 7
    assert listing.own(ANN, most=12).more == 0


def test_damaged_runs_take_no_place_from_others() -> None:
    for number in range(12):
        path = create(ANN, name=f"20260101-1200{number:02}-digits-{tag(ANN)}{number:08}")
        if number > 3:
            (path / records.SPEC).write_bytes(b"{")
    listed = listing.own(ANN, most=3)
    assert [run.id[13:15] for run in listed.runs if not run.damaged] == ["03", "02", "01"]
    assert len(listed.runs) == 8 + 3
    assert listed.more == 1


def test_what_a_rerun_reads_does_not_grow_with_the_runs_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        create(BEN, name=f"20260101-12{number // 60:02}{number % 60:02}-digits-{tag(BEN)}{number:08}")
    for _ in range(3):
        create(ANN, trained=True)
    long_ago = time.time() - 60
    os.utime(records.runs_home(), (long_ago, long_ago))
    listing.own(ANN), listing.servers()
    calls: list[str] = []
    stamp, scandir, opened = files.stamp, os.scandir, files.open_regular
    monkeypatch.setattr(files, "stamp", lambda path: calls.append("stat") or stamp(path))
    monkeypatch.setattr(os, "scandir", lambda path: calls.append("scan") or scandir(path))
    monkeypatch.setattr(files, "open_regular", lambda path: calls.append("open") or opened(path))
    assert len(listing.own(ANN).runs) == 3
    assert listing.servers().runs == ()
    assert calls == ["stat"] * 3 * 6
    calls.clear()
    create(ANN)
    assert len(listing.own(ANN).runs) == 4
    assert calls.count("scan") == 1
    assert calls.count("open") == 4  # the new one's files, of which two are not there yet


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_heads", Recent(3))
    monkeypatch.setattr(listing, "_models", Recent(3))
    paths = [create(ANN, trained=True) for _ in range(5)]
    assert len(listing.own(ANN).runs) == 5
    for path in paths:
        assert listing.model(path).card is not None
    assert len(listing._heads) == len(listing._models) == 3


def test_a_model_is_its_card_or_the_sentence_that_says_what_is_wrong_and_is_read_when_it_changes() -> None:
    path = create(ANN, trained=True)
    first = listing.model(path)
    assert first.card == checkpoints.read_card(path)
    assert listing.model(path) is first
    (path / CARD).write_text("{}")
    other = listing.model(path)
    assert other.card is None
    assert other.damaged == "the card cannot be read: it has no 'name'."
    assert other.stamp != first.stamp
    shipped = listing.model(checkpoints.folder("mnist-3conv"))
    assert shipped.card is not None
    assert "it has no card.json" in listing.model(records.runs_home() / "nowhere").damaged


def in_its_place(path: Path, thing: str) -> None:
    """Put something else where a file of a run was."""
    path.unlink(missing_ok=True)
    match thing:
        case "folder":
            path.mkdir()
        case "link loop":
            path.symlink_to(path)
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "two gigabytes of nothing":
            path.touch()
            os.truncate(path, 2_000_000_000)
        case _:
            raise ValueError(thing)


@pytest.mark.parametrize("thing", ["folder", "link loop", "pipe", "device", "two gigabytes of nothing"])
@pytest.mark.parametrize("name", [records.SPEC, records.EVENTS, records.METRICS, about.ABOUT, CARD])
def test_whatever_lies_in_a_files_place_that_run_is_named_and_the_others_stand(name: str, thing: str) -> None:
    good, bad = create(ANN, "a good one", trained=True), create(ANN, "a bad one", trained=True)
    in_its_place(bad / name, thing)
    found = {run.id: run for run in listing.own(ANN).runs}
    assert not found[good.name].damaged
    assert listing.model(good).card is not None
    if name == CARD:
        assert listing.model(bad).card is None
        said = listing.model(bad).damaged
        assert bad.name in said
    else:
        said = found[bad.name].damaged
        assert said.startswith(f"the run {bad.name!r} cannot be read: {name} is damaged")
        for read in (lambda: history.read(bad), lambda: live.read(bad.name)):
            with pytest.raises(records.RunError, match=name):
                read()
    assert str(bad.parent) not in said


DAMAGES = {
    "nothing": b"",
    "no UTF-8": b'{"title": "\x80"}',
    "half a character": b'{"title": "\\ud800"}',
    "deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of 5,000 digits": b'{"created": ' + b"9" * 5000 + b"}",
    "no number": b'{"created": NaN}',
    "a list": b"[]",
    "another kind": b'{"title": 3, "accuracy": "much", "kept": "yes"}',
    "nine megabytes": b'{"title": "' + b"a" * 9_000_000 + b'"}',
}


@pytest.mark.parametrize("contents", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", [records.SPEC, records.METRICS, about.ABOUT, CARD])
def test_whatever_a_file_holds_that_run_is_named_and_the_others_stand(name: str, contents: bytes) -> None:
    good, bad = create(ANN, "a good one", trained=True), create(ANN, "a bad one", trained=True)
    (bad / name).write_bytes(contents)
    found = {run.id: run for run in listing.own(ANN).runs}
    assert not found[good.name].damaged
    said = listing.model(bad).damaged if name == CARD else found[bad.name].damaged
    assert said
    assert len(said) < 400
    said.encode("utf-8")


@pytest.mark.parametrize(
    "name", [b"no \xff utf-8", b"two\nlines", b"a\x07bell", b"\xe2\x80\xaeturned"], ids=ascii
)
def test_a_folder_with_a_name_that_no_link_can_hold_is_named_as_text(name: bytes) -> None:
    good = create()
    create(name="to be renamed").rename(records.runs_home() / os.fsdecode(name))
    bad, other = sorted(listing.servers().runs, key=lambda run: not run.damaged)
    assert other.id == good.name
    assert bad.id.isascii()
    assert bad.id.isprintable()
    assert bad.damaged.endswith("is not a run's id.")
    assert bad.damaged.isprintable()


def test_what_is_no_run_is_not_listed() -> None:
    good = create()
    home = records.runs_home()
    (home / "an empty folder").mkdir()
    (home / ".deleted-run").mkdir()
    (home / "a file").write_text("")
    (home / "loop").symlink_to(home / "loop")
    (home / "nowhere").symlink_to(home / "gone")
    assert ids(listing.servers()) == [good.name]


def test_a_run_without_its_spec_is_named_unless_it_was_deleted() -> None:
    lost, deleted = create(), create()
    (lost / records.SPEC).unlink()
    (deleted / records.SPEC).rename(deleted / records.DELETED)
    (run,) = listing.servers().runs
    assert run.id == lost.name
    assert "spec.json" in run.damaged


def test_where_there_are_no_runs_lists_are_empty(convlens_home: Path) -> None:
    assert listing.servers() == listing.own(ANN) == ((), 0)
    convlens_home.mkdir()
    (convlens_home / "runs").write_text("no folder")
    assert listing.servers() == ((), 0)


def test_a_run_that_a_dead_server_left_is_marked_before_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    left, other = create(ANN), create(BEN)
    monkeypatch.setattr(recovery, "_all", lambda *_: None)  # the thread that looks at all has not come so far
    recovery.begin(Endings(threading.Event()), Removals(threading.Event()))
    assert [run.status for run in listing.own(ANN).runs] == ["interrupted"]
    assert history.read_status(left) == "interrupted"
    assert history.read_status(other) == "queued"
    assert live.read(other.name).status == "interrupted"
