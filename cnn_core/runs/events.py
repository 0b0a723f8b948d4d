"""What a run's `events.jsonl` may hold, and what may be said to whoever trains it: a type for each, and one reader.

A quantity of a training curve is one field of `Batch` or `Epoch` here, and one row where the curves are listed. A field
that comes later is `NotRequired`: runs of old lack it, and an event without what is required is not read.
"""

import json
from typing import Annotated, Literal, NotRequired, TypedDict, cast, final, get_args, get_type_hints

from cnn_core.typed_json import Count, JsonError, Range, Share, checked, parse

Positive = Annotated[int, Range(1)]
LONGEST_LINE = 65_536  # bytes of an event: its numbers and a sentence


class _Event(TypedDict):
    time: NotRequired[float]  # seconds since 1970, given by `records.append`


class Queued(_Event):
    """The run waits for its turn."""

    type: Literal["queued"]


class Started(_Event):
    """A process trains it, from batch `step` of `epoch` on (both counted from 0); what came after is done again."""

    type: Literal["started"]
    epoch: Count
    step: Count
    steps_per_epoch: Positive
    images: Count
    validation_images: NotRequired[Count]
    device: NotRequired[str]
    precision: NotRequired[str]


class Batch(_Event):
    """Batches that ended with number `step` of `epoch`: means over their images, while weights and dropout change.

    `loss` in nats, `accuracy` in 0..1; `learning_rate` is the next batch's. `gradient_norm` and `update_ratio` are
    those of one of them, see `training.vitals`, `gradient_norms` and `update_ratios` each layer's in the same one, told
    once in a while; `memory` is the most bytes that were held until now.
    """

    type: Literal["batch"]
    epoch: Count
    step: Count
    loss: float | None  # None only in runs of old, which wrote down a loss that was no number
    accuracy: Share
    images_per_second: Annotated[float, Range(0)]
    learning_rate: float
    gradient_norm: NotRequired[Annotated[float, Range(0)]]
    update_ratio: NotRequired[Annotated[float, Range(0)]]
    gradient_norms: NotRequired[dict[str, float]]
    update_ratios: NotRequired[dict[str, float]]
    memory: NotRequired[Annotated[float, Range(0)]]


class Epoch(_Event):
    """A whole epoch (counted from 0): means over its batches, then the scores on the validation images, if any.

    `seconds` are those of its batches; `best` says whether its weights are the best so far. `gradient_norms` and
    `update_ratios` are each layer's in the last batch, `dead_relus` each ReLU's after it: see `training.vitals`.
    """

    type: Literal["epoch"]
    epoch: Count
    loss: float | None
    accuracy: Share
    validation_loss: float | None
    validation_accuracy: Share | None
    seconds: Annotated[float, Range(0)]
    best: bool
    gradient_norms: NotRequired[dict[str, float]]
    update_ratios: NotRequired[dict[str, float]]
    dead_relus: NotRequired[dict[str, Share]]


class NewLearningRate(_Event):
    """From batch `step` of `epoch` on, `value` is the learning rate, without schedule."""

    type: Literal["learning_rate"]
    epoch: Count
    step: Count
    value: float


class Ended(_Event):
    """Training came to an end before its last epoch; `reason` is a sentence, or empty where somebody wanted it."""

    type: Literal["paused", "interrupted", "stopped", "failed"]
    reason: NotRequired[str]


class Finished(_Event):
    """The last epoch is done and the best weights are scored on the test images.

    `reason` is a sentence where fewer epochs were done than asked for: it was stopped early.
    """

    type: Literal["finished"]
    accuracy: Share
    macro_f1: Share
    reason: NotRequired[str]


Event = Queued | Started | Batch | Epoch | NewLearningRate | Ended | Finished


@final
class Train(TypedDict):
    """A worker's first line: the folder of the run that it trains, and what it may take, see `allowed.Allowed`."""

    do: Literal["train"]
    run: str
    minutes: NotRequired[Annotated[float, Range(0)]]
    megabytes: NotRequired[Count]


@final
class Stop(TypedDict):
    """End now; what was learned is scored and kept."""

    do: Literal["stop"]


@final
class Pause(TypedDict):
    """Save the run as it is and end; `reason` is shown to who looks."""

    do: Literal["pause"]
    reason: NotRequired[str]


@final
class Hangup(TypedDict):
    """The server is gone, or what `reason` says: save the run and leave it to be resumed."""

    do: Literal["hangup"]
    reason: NotRequired[str]


@final
class SetLearningRate(TypedDict):
    """Use another learning rate from the next batch on."""

    do: Literal["learning_rate"]
    value: float


Command = Stop | Pause | Hangup | SetLearningRate
Message = Train | Command


def _by_word(union: object, field: str) -> dict[str, type]:
    """The members of a union by each word that their `field` may hold."""
    words: dict[str, type] = {}
    for member in get_args(union):
        words |= dict.fromkeys(get_args(get_type_hints(member)[field]), member)
    return words


EVENTS = _by_word(Event, "type")
MESSAGES = _by_word(Message, "do")


def write(event: Event) -> str:
    """The event as one line of JSON. Raises `ValueError` for a number that is none."""
    return json.dumps(event, allow_nan=False)


def read(line: bytes) -> Event | None:
    """The event of a line; None where it is torn, damaged, too long, or of a kind that is not known here."""
    if len(line) > LONGEST_LINE:
        return None
    try:
        value = parse(line)
        word = value.get("type") if isinstance(value, dict) else None
        return cast(Event, checked(value, EVENTS[word])) if isinstance(word, str) and word in EVENTS else None
    except JsonError:
        return None


def read_message(line: bytes) -> Message | None:
    """What a line tells a worker; None where it is no message."""
    try:
        value = parse(line)
        word = value.get("do") if isinstance(value, dict) else None
        return (
            cast(Message, checked(value, MESSAGES[word]))
            if isinstance(word, str) and word in MESSAGES
            else None
        )
    except JsonError:
        return None
