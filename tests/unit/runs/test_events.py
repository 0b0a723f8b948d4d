"""Events and commands: each kind is read back as it was written, all else is passed over."""

import json
from typing import get_args, get_type_hints

import pytest

from cnn_core.runs import events

EXAMPLES: dict[str, dict[str, object]] = {
    "queued": {},
    "started": {"epoch": 0, "step": 1, "steps_per_epoch": 2, "images": 60},
    "batch": {
        "epoch": 0,
        "step": 1,
        "loss": 2.3,
        "accuracy": 0.1,
        "images_per_second": 1000.0,
        "learning_rate": 1e-3,
    },
    "epoch": {
        "epoch": 0,
        "loss": 2.3,
        "accuracy": 0.1,
        "validation_loss": None,
        "validation_accuracy": None,
        "seconds": 1.5,
        "best": True,
    },
    "learning_rate": {"epoch": 0, "step": 1, "value": 0.1},
    "paused": {"reason": ""},
    "interrupted": {},
    "stopped": {"reason": ""},
    "failed": {"reason": "why"},
    "finished": {"accuracy": 1, "macro_f1": 0.5},
}


def test_there_is_an_example_of_every_kind_here() -> None:
    assert EXAMPLES.keys() == events.EVENTS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_is_read_back_as_it_was_written(kind: str) -> None:
    event = {"type": kind, "time": 1.0, **EXAMPLES[kind]}
    assert events.read(events.write(event).encode()) == event


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in EXAMPLES for field in EXAMPLES[kind]])
def test_a_line_is_passed_over_where_a_field_is_missing_or_of_another_kind(kind: str, field: str) -> None:
    event = {"type": kind, **EXAMPLES[kind]}
    required = events.EVENTS[kind].__required_keys__
    assert events.read(events.write({**event, field: [1]}).encode()) is None
    del event[field]
    assert (events.read(events.write(event).encode()) is None) == (field in required)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"type": "batch"}',
        b'{"type": ["batch"]}',
        b'{"type": "started"}',
        b'{"type": {"a": 1}}',
        b'{"type": "unknown"}',
        b'{"type": "queued"}\x80',
        b'{"type": "started", "epoch": ' + b"9" * 5000 + b"}",
        b'{"type": "started", "epoch": -1, "step": 0, "steps_per_epoch": 1, "images": 1}',
        b'{"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 0, "images": 1}',
        b'{"type": "finished", "accuracy": NaN, "macro_f1": 0}',
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
)
def test_a_damaged_or_alien_line_is_passed_over(line: bytes) -> None:
    assert events.read(line) is None


def test_a_number_that_is_none_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        events.write({"type": "learning_rate", "epoch": 0, "step": 0, "value": float("nan")})


@pytest.mark.parametrize(
    "message",
    [
        {"do": "train", "run": "a folder"},
        {"do": "stop"},
        {"do": "pause"},
        {"do": "pause", "reason": "others wait"},
        {"do": "hangup"},
        {"do": "learning_rate", "value": 0.1},
    ],
)
def test_every_message_is_read_back_as_it_was_sent(message: dict[str, object]) -> None:
    assert events.read_message(json.dumps(message).encode()) == message


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"do": "dance"}',
        b'{"do": "learning_rate"}',
        b'{"do": []}',
        b'{"do": "train", "run": 3}',
        b"[]",
    ],
)
def test_what_is_no_message_is_passed_over(line: bytes) -> None:
    assert events.read_message(line) is None


def test_every_event_says_its_type_first_for_who_reads_a_long_file_backwards() -> None:
    for kind, typed in events.EVENTS.items():
        assert kind in get_args(get_type_hints(typed)["type"])
    assert events.write({"type": "batch", **EXAMPLES["batch"]}).startswith('{"type": "batch"')
