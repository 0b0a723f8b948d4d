"""Runs whose folders somebody damaged: seeded, each made from a good one by one to three of many damages.

for run in damaged_runs(good, seed=8, count=300): open(run.name)
"""

import json
import os
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from cnn_core.checkpoints import CARD, Scores
from cnn_core.files import write_json
from cnn_core.runs import records
from tests.support.damaged_json import VALUES, changed
from tests.support.hostile_texts import ONE_OF_ALL, TEXTS
from tests.support.trained_models import write_model

JSON_FILES = (records.SPEC, CARD, records.METRICS, "about.json")
FILES = (*JSON_FILES, records.EVENTS, records.BEST, f"{records.EPOCHS}/001.safetensors")
SPARSE = 2_000_000_000  # bytes that take no place
STARTED = {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 2, "images": 10, "device": "CPU"}
BATCH = {
    "type": "batch",
    "epoch": 0,
    "loss": 1.0,
    "accuracy": 0.5,
    "images_per_second": 9.0,
    "learning_rate": 0.1,
}
EPOCH = {
    "type": "epoch", "epoch": 0, "loss": 1.0, "accuracy": 0.5, "validation_loss": 1.0, "validation_accuracy": 0.5,
    "seconds": 1.0, "best": True,
}  # fmt: skip


@dataclass(frozen=True)
class DamagedRun:
    """A run's folder by its name as the file system has it, whatever bytes that is, and what was done to it."""

    name: str
    damage: str

    @property
    def query(self) -> str:
        """Its name as a link would have it."""
        return "".join(f"%{byte:02X}" for byte in os.fsencode(self.name))


def good_run(home: Path, name: str, owner: str | None = None) -> Path:
    """A finished run of three epochs with everything that a run leaves on disk."""
    scores: Scores = {
        "accuracy": 0.5, "macro_f1": 0.5, "loss": 1.0, "images": 10, "confusion_matrix": [[1] * 10] * 10,
    }  # fmt: skip
    write_model(home, name, owner=owner, test=scores)
    path = home / "runs" / name
    lines = [{"type": "queued", "time": 1.0}, STARTED]
    for epoch in range(3):
        lines += [{**BATCH, "epoch": epoch, "step": step} for step in (1, 2)]
        lines.append({**EPOCH, "epoch": epoch, "best": epoch == 2})
    lines.append({"type": "finished", "accuracy": 0.5, "macro_f1": 0.5})
    (path / records.EVENTS).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    write_json(path / records.METRICS, scores)
    write_json(path / "about.json", {"title": name, "kept": False})
    shutil.copyfile(path / records.BEST, path / records.EPOCHS / "001.safetensors")
    return path


def damaged_runs(good: Path, seed: int, count: int) -> Iterator[DamagedRun]:
    """Make `count` damaged runs beside a good one, whose names differ from its in the last digits.

    The same for the same seed.
    """
    rng = Random(seed)
    for number in range(count):
        name = f"{good.name[:-4]}{number:04d}"
        path = good.with_name(name)
        if number % 10 == 9:  # the damage is in the name, or in the folder itself
            yield _odd_folder(rng, good, name)
            continue
        shutil.copytree(good, path)
        done = [_damage(rng, path) for _ in range(rng.choice([1, 1, 2, 3]))]
        yield DamagedRun(name, ", ".join(done))


def _damage(rng: Random, path: Path) -> str:
    how = rng.choice([_bytes, _bytes, _field, _field, _field, _event, _event, _place, _tensors])
    return how(rng, path)


def _is_file(file: Path) -> bool:
    """Whether it is still a file that can be damaged further without waiting or filling the disk."""
    return file.is_file() and not file.is_symlink() and file.stat().st_size < 10_000_000


def _bytes(rng: Random, path: Path) -> str:
    name = rng.choice(FILES)
    file = path / name
    if not _is_file(file):
        return f"{name} no more"
    data = bytearray(file.read_bytes())
    what = rng.choice(
        ["flipped", "appended", "cut", "empty", "zeros", "random", "twice", "end cut", "inserted", "mark"]
    )
    if what == "flipped":
        for _ in range(rng.randint(1, 30) if data else 0):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif what == "appended":
        data += rng.choice([b"\x80", b"\n", b"}", b"\0" * 10, rng.randbytes(100)])
    elif what == "cut":
        del data[rng.randrange(len(data) + 1) :]
    elif what == "empty":
        data.clear()
    elif what == "zeros":
        data[:] = bytes(len(data))
    elif what == "random":
        data[:] = rng.randbytes(rng.choice([1, 100, 100_000]))
    elif what == "twice":
        data += bytes(data)
    elif what == "end cut":
        del data[-rng.randint(1, 20) :]
    elif what == "inserted":
        at = rng.randrange(len(data) + 1)
        data[at:at] = rng.randbytes(rng.randint(1, 50))
    else:
        data[:] = (
            rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x80\x04", b"#!", b"<html>"]) + data
        )
    file.write_bytes(data)
    return f"{name} {what}"


def _field(rng: Random, path: Path) -> str:
    """Another value, another type, or nothing, at any place of a JSON file."""
    name = rng.choice(JSON_FILES)
    file = path / name
    if not _is_file(file):
        return f"{name} no more"
    try:
        value = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        return f"{name} no JSON any more"
    text, what = changed(rng, value)
    file.write_text(text, "utf-8")
    return f"{name} {what}"


def _event(rng: Random, path: Path) -> str:
    """Lines of the events that are half written, of another kind, out of order, too long."""
    file = path / records.EVENTS
    if not _is_file(file):
        return "no events any more"
    lines = file.read_bytes().split(b"\n")
    at = rng.randrange(len(lines))
    what = rng.choice(
        [
            "half",
            "field",
            "field",
            "field",
            "garbage",
            "swapped",
            "long",
            "again",
            "only",
            "backwards",
            "not told",
            "many",
        ]
    )
    if what == "half":
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    elif what == "field":
        try:
            event = json.loads(lines[at])
        except (ValueError, RecursionError):
            event = dict(STARTED)
        lines[at] = changed(rng, event)[0].encode("utf-8", "surrogatepass")
    elif what == "garbage":
        lines.insert(
            at,
            rng.choice(
                [
                    b"{}",
                    b"[]",
                    b"null",
                    b"\0",
                    b"\xff\xfe",
                    b"9" * 5_000,
                    b'{"type": ["started"]}',
                    b"{" * 9_999,
                ]
            ),
        )
    elif what == "swapped":
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif what == "long":
        lines.insert(at, b'{"type": "failed", "reason": "' + b"a" * 3_000_000 + b'"}')
    elif what == "again":
        lines += lines
    elif what == "only":
        lines = [lines[at]]
    elif what == "backwards":
        lines.reverse()
    elif what == "not told":
        end = rng.choice(["paused", "interrupted", "failed", "stopped", "queued", "unknown", "FINISHED"])
        lines.append(json.dumps({"type": end, "reason": rng.choice(VALUES)}).encode())
    else:
        lines += [
            json.dumps({**BATCH, "epoch": rng.choice([0, 2**53, 7]), "step": n}).encode()
            for n in range(20_000)
        ]
    file.write_bytes(b"\n".join(lines))
    return f"events {what}"


def _place(rng: Random, path: Path) -> str:
    """Something else in a file's place."""
    name = rng.choice([*FILES, records.EPOCHS, "lock", "resume.safetensors"])
    file = path / name
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    elif file.parent.is_dir():
        file.unlink(missing_ok=True)
    else:
        return f"{name} no more"
    what = rng.choice(
        [
            "folder",
            "loop",
            "dangling",
            "pipe",
            "sparse",
            "none",
            "locked",
            "zero",
            "full folder",
            "itself",
            "long link",
        ]
    )
    if what == "folder":
        file.mkdir()
    elif what == "full folder":
        (file / name.replace("/", "-")).mkdir(parents=True)
    elif what == "loop":
        file.symlink_to(file.name)
    elif what == "dangling":
        file.symlink_to("nowhere/at all")
    elif what == "long link":
        file.symlink_to("a" * 300)
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "sparse":
        with file.open("wb") as opened:
            opened.truncate(SPARSE)
    elif what == "locked":
        file.write_bytes(b"{}")
        file.chmod(0)
    elif what == "zero":
        file.symlink_to("/dev/zero")
    elif what == "itself":
        file.symlink_to(path)
    return f"{name} is {what}"


def _tensors(rng: Random, path: Path) -> str:
    """Weights whose header lies."""
    name = rng.choice([records.BEST, f"{records.EPOCHS}/001.safetensors"])
    file = path / name
    if not _is_file(file):
        return f"{name} no more"
    data = file.read_bytes()
    if len(data) < 8:
        return f"{name} too short"
    length = struct.unpack("<Q", data[:8])[0]
    what = rng.choice(["length", "field", "field", "field", "no tensors", "claims much", "nested"])
    try:
        header = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError):
        header = {}
    if what == "length":
        length = rng.choice([0, 1, 7, 2**31, 2**63 - 1, 2**64 - 1, length + 1, length - 1]) % 2**64
        file.write_bytes(struct.pack("<Q", length) + data[8:])
        return f"{name} {what}"
    text = b"{}"
    if what == "field":
        text = changed(rng, header)[0].encode("utf-8", "surrogatepass")
    elif what == "claims much":
        text = json.dumps(
            {"conv1.weight": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 4 * 10**9]}}
        ).encode()
    elif what == "nested":
        text = b"[" * 100_000
    file.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
    return f"{name} {what}"


@cache
def _names() -> tuple[str, ...]:
    odd = [
        "a\nb", " ", "a" * 255, "-rf", "a\\b", "%00", "%2e%2e", "run:x", "\u202eabc", "\x1b[31m", "...", "a b", "+",
        "&a=b", "#", "?", "🙂", "é", "e\u0301", "con", "~", "*", "'", '"', "a" * 200 + "|", os.fsdecode(b"\xff\xfe"),
        os.fsdecode(b"a\x80b"), ".hidden", "trash.part", "20260101-000000-digits-0123456789abcdef",
    ]  # fmt: skip
    texts = [text.replace("/", "|").replace("\0", "0") for text in [ONE_OF_ALL, *TEXTS.values()]]
    return tuple(
        odd + [text for text in texts if 0 < len(os.fsencode(text.encode("utf-8", "replace"))) <= 255]
    )


def _odd_folder(rng: Random, good: Path, name: str) -> DamagedRun:
    """A run whose folder has an odd name, or that is no folder."""
    what = rng.choice(
        [
            "name",
            "name",
            "name",
            "name",
            "file",
            "empty",
            "loop",
            "link to another",
            "pipe",
            "dangling",
            "long link",
        ]
    )
    if what == "name":
        free = [odd for odd in _names() if not good.with_name(odd).exists()]
        name = rng.choice(free)
        shutil.copytree(good, good.with_name(name))
        return DamagedRun(name, "odd name")
    path = good.with_name(name)
    make: dict[str, Callable[[], object]] = {
        "file": lambda: path.write_bytes(b"{}"),
        "empty": path.mkdir,
        "loop": lambda: path.symlink_to(path.name),
        "link to another": lambda: path.symlink_to(good.name),
        "pipe": lambda: os.mkfifo(path),
        "dangling": lambda: path.symlink_to("nowhere"),
        "long link": lambda: path.symlink_to("a" * 300),
    }
    make[what]()
    return DamagedRun(name, f"the folder is {what}")


def _on_disk(name: str) -> str:
    """The name as a file system takes it: half letters stay where they are bytes that are no UTF-8."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()
    return name
