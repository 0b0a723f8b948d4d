"""Events read while they are written: only what is new is read, whatever becomes of the file."""

import os
import random
from pathlib import Path

import pytest

from cnn_core import files
from cnn_core.runs import event_file, events, folding
from cnn_core.runs.event_file import EventFile, last_event
from cnn_core.runs.records import EVENTS
from tests.support.told import batch, started, training


def text(*told: events.Event) -> bytes:
    return b"".join(events.write(event).encode() + b"\n" for event in told)


class Counted:
    """A file that counts what is read of it."""

    def __init__(self, file: object, count: list[int]) -> None:
        self.file, self.count = file, count

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)

    def __enter__(self) -> "Counted":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def read(self, *size: int) -> bytes:
        data = self.file.read(*size)
        self.count.append(len(data))
        return data


@pytest.fixture
def bytes_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    opened, count = files.open_regular, []
    monkeypatch.setattr(files, "open_regular", lambda path: Counted(opened(path), count))
    return count


@pytest.mark.parametrize("batches", [2_400, 14_400, 86_400])  # ten minutes, an hour, six hours
def test_what_a_poll_reads_and_parses_does_not_grow_with_the_run(
    tmp_path: Path, bytes_read: list[int], monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    (tmp_path / EVENTS).write_bytes(text(started(0, 0, 100_000), *(batch(0, n) for n in range(batches))))
    watched = EventFile(tmp_path)
    assert watched.catch_up()
    read, parsed = events.read, []
    monkeypatch.setattr(events, "read", lambda line: parsed.append(line) or read(line))
    for n in range(batches, batches + 20, 2):
        bytes_read.clear()
        parsed.clear()
        with (tmp_path / EVENTS).open("ab") as file:
            file.write(text(batch(0, n), batch(0, n + 1)))
        assert watched.catch_up()
        assert watched.folding.batches[-1]["step"] == n + 1
        assert sum(bytes_read) <= 600  # two lines, and twice 64 bytes to see that it is the same file
        assert len(parsed) <= 2
        assert len(watched.folding.batches) <= 1002
        assert not watched.catch_up()
    bytes_read.clear()
    assert last_event(tmp_path) == batch(0, batches + 19)
    assert sum(bytes_read) == event_file.END_BYTES


@pytest.mark.parametrize("seed", range(10))
def test_it_is_the_same_as_reading_the_whole_file_wherever_the_writer_is(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_BATCHES", 21)
    monkeypatch.setattr(event_file, "PORTION", 1000)
    monkeypatch.setattr(event_file, "END_BYTES", 100)
    data, random_ = text(*training(seed, epochs=2, steps=40)), random.Random(seed)
    watched = EventFile(tmp_path)
    with (tmp_path / EVENTS).open("ab", buffering=0) as file:
        while data:
            length = random_.randint(1, 700)
            file.write(data[:length])
            data = data[length:]
            assert watched.catch_up()
            whole = EventFile(tmp_path)
            whole.catch_up()
            assert watched.folding.batches == whole.folding.batches
            assert watched.folding.status == whole.folding.status
            last = last_event(tmp_path)
            assert whole.folding.status == ("queued" if last is None else folding.STATUS_AFTER[last["type"]])
    assert watched.folding.status == "finished"


def test_a_half_written_line_is_taken_once_it_is_whole_and_one_without_its_end_at_once(
    tmp_path: Path,
) -> None:
    path, line = tmp_path / EVENTS, text(batch(0, 1))
    watched = EventFile(tmp_path)
    assert not watched.catch_up()  # there is no file yet
    path.write_bytes(line[:30])
    watched.catch_up()
    assert watched.folding.batches == ()
    path.write_bytes(line[:-1])
    watched.catch_up()
    assert [event["step"] for event in watched.folding.batches] == [1]
    with path.open("ab") as file:
        file.write(b"\n" + text(batch(0, 2)))
    watched.catch_up()
    assert [event["step"] for event in watched.folding.batches] == [1, 2]


@pytest.mark.parametrize("way", ["shorter", "another file", "the same file written anew", "gone"])
def test_a_file_that_is_not_the_one_before_is_read_from_its_beginning(tmp_path: Path, way: str) -> None:
    path = tmp_path / EVENTS
    path.write_bytes(text(*(batch(0, n) for n in range(1, 6))))
    watched = EventFile(tmp_path)
    watched.catch_up()
    other = text(*(batch(1, n, loss=0.25) for n in range(1, 9)))
    expected = 8
    if way == "shorter":
        other, expected = text(batch(1, 1, loss=0.25)), 1
        path.write_bytes(other)
    elif way == "another file":
        (tmp_path / "new").write_bytes(other)
        (tmp_path / "new").replace(path)
    elif way == "the same file written anew":
        path.write_bytes(other)
    else:
        path.unlink()
        expected = 0
    assert watched.catch_up()
    assert len(watched.folding.batches) == expected
    assert all(event["epoch"] == 1 for event in watched.folding.batches)


def test_a_line_that_is_too_long_is_passed_over_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / EVENTS
    path.write_bytes(text(batch(0, 1)))
    with path.open("r+b") as file:  # zeros, of which the disk keeps none
        file.truncate(30_000_000)
    watched = EventFile(tmp_path)
    watched.catch_up()
    assert [event["step"] for event in watched.folding.batches] == [1]
    assert last_event(tmp_path) == batch(0, 1)
    with path.open("ab") as file:
        file.write(b"\n" + text(batch(0, 2)))
    watched.catch_up()
    assert [event["step"] for event in watched.folding.batches] == [1, 2]
    assert last_event(tmp_path) == batch(0, 2)


@pytest.mark.parametrize("thing", ["folder", "link loop", "pipe", "device", "two gigabytes of nothing"])
def test_something_else_in_its_place_is_an_error_and_is_not_waited_for(tmp_path: Path, thing: str) -> None:
    path = tmp_path / EVENTS
    if thing == "folder":
        path.mkdir()
    elif thing == "link loop":
        path.symlink_to(path)
    elif thing == "pipe":
        os.mkfifo(path)
    elif thing == "device":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 2_000_000_000)
    with pytest.raises(OSError):  # noqa: PT011 - of which kind, the system says
        EventFile(tmp_path).catch_up()
    with pytest.raises(OSError):  # noqa: PT011
        last_event(tmp_path)
