"""What is said of a run later: titles that can be shown, and writers that do not undo each other's words."""

import errno
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import about, history, records
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)


@pytest.fixture
def path() -> Path:
    return records.create(SMALL, TrainSettings(dataset="digits", epochs=1), "as it began")


def test_a_new_title_wins_and_what_is_not_named_stays(path: Path) -> None:
    assert about.read(path) == {}
    assert (history.read(path).title, history.read(path).kept) == ("as it began", False)
    about.change(path, kept=True)
    assert (history.read(path).title, history.read(path).kept) == ("as it began", True)
    about.change(path, title="  Mine, 2nd try ")
    assert (history.read(path).title, history.read(path).kept) == ("Mine, 2nd try", True)
    about.change(path, kept=False)
    assert about.read(path) == {"title": "Mine, 2nd try", "kept": False}


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("", "empty"),
        (" \t ", "empty"),
        ("x" * 81, r"has 81 characters, more than 80\. Shorten it\."),
        ("x" * 10**6, "1,000,000 characters"),
        ("a\nb", "cannot be shown"),
        ("a\0b", "cannot be shown"),
        ("a\x1b[31mb", "cannot be shown"),
        ("a\u2028b", "cannot be shown"),
        ("run \u202etxt.exe", "cannot be shown"),
        ("half \ud83d", "cannot be shown"),
    ],
)
def test_a_title_that_is_no_line_of_text_is_refused_with_a_sentence(path: Path, title: str, why: str) -> None:
    about.change(path, title="good")
    with pytest.raises(about.TitleError, match=why):
        about.change(path, title=title)
    assert about.read(path) == {"title": "good"}


@pytest.mark.parametrize(
    "title", ["x" * 80, "Ziffern – Versuch 2", "数字", "می‌خواهم", "👩‍🏫 digits", "[a](b) `c` $x$"]
)
def test_a_title_in_any_script_is_taken_as_it_is(path: Path, title: str) -> None:
    about.change(path, title=title)
    assert history.read(path).title == title


@given(st.text(max_size=100))
def test_whatever_is_typed_is_refused_or_can_be_written(title: str) -> None:
    try:
        good = about.checked_title(title)
    except about.TitleError:
        return
    assert 1 <= len(good) <= about.LONGEST_TITLE
    assert good == good.strip()
    assert len(good.encode().decode().splitlines()) == 1


def test_of_many_who_write_at_once_none_undoes_what_another_wrote(path: Path) -> None:
    together = threading.Barrier(16)

    def write(number: int) -> None:
        together.wait(30)
        for _ in range(5):
            if number % 2:
                about.change(path, title="a title")
            else:
                about.change(path, kept=True)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert about.read(path) == {"title": "a title", "kept": True}
    assert [file.name for file in path.iterdir() if "part" in file.name] == []


def test_what_cannot_be_written_is_said_in_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(about.files, "write_json", full)
        with pytest.raises(records.RunError, match="No space left on device"):
            about.change(path, title="new")
    monkeypatch.setattr(about, "_PATIENCE_SECONDS", 0.0)
    with (
        FileLock(records.runs_home() / about._LOCK),
        pytest.raises(records.RunError, match="Try again in a moment"),
    ):
        about.change(path, title="new")
    assert about.read(path) == {}


def test_a_run_that_is_gone_is_not_made_anew(path: Path) -> None:
    gone = records.runs_home() / "20261125-170445-digits-0123abcd"
    with pytest.raises(records.GoneError):
        about.change(gone, title="new")
    assert not gone.exists()


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"title": 5}', b'{"kept": "yes"}', b"\x80", b"[" * 10**5])
def test_a_damaged_file_is_named(path: Path, damage: bytes) -> None:
    (path / about.ABOUT).write_bytes(damage)
    with pytest.raises(records.RunError, match=r"about.json is damaged") as raised:
        about.read(path)
    assert str(path.parent) not in str(raised.value)
    (path / about.ABOUT).unlink()
    (path / about.ABOUT).mkdir()
    with pytest.raises(records.RunError, match=r"about.json is damaged"):
        about.read(path)


def test_a_note_stands_beside_title_and_kept_and_goes_again(path: Path) -> None:
    about.change(path, title="mine", kept=True)
    about.change(path, note="  Dropout 0.5:\r\n\tslower, better.  \n")
    assert about.read(path) == {"title": "mine", "kept": True, "note": "Dropout 0.5:\n slower, better."}
    assert history.read(path).note == "Dropout 0.5:\n slower, better."
    about.change(path, note=" ")
    assert history.read(path).note == ""


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("x" * 1001, "1,001 characters, more than 1,000"),
        ("a\n" * 20 + "b", "21 lines, more than 20"),
        ("a\0b", "cannot be shown"),
        ("a\nrun \u202etxt.exe", "cannot be shown"),
        ("half \ud83d", "cannot be shown"),
    ],
)
def test_a_note_that_is_no_short_text_is_refused_with_a_sentence(path: Path, note: str, why: str) -> None:
    about.change(path, note="good")
    with pytest.raises(about.NoteError, match=why):
        about.change(path, note=note)
    assert about.read(path) == {"note": "good"}


@given(st.text(max_size=1100))
def test_whatever_is_noted_is_refused_or_can_be_written(note: str) -> None:
    try:
        good = about.checked_note(note)
    except about.NoteError:
        return
    assert len(good.encode().decode()) <= about.LONGEST_NOTE
    assert about.checked_note(good) == good
