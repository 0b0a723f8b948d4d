"""Doing a run: a process killed at any of its writes loses nothing; what a run is told; losses that are no numbers."""

import contextlib
import errno
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cnn_core import checkpoints, files
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Dropout, Flatten, Linear, MaxPool2d
from cnn_core.runs import batch_log, folding, history, records
from cnn_core.runs.allowed import NO_LIMITS, Allowed
from cnn_core.runs.events import Command, Event
from cnn_core.runs.execution import Execution, execute
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer
from tests.support.run_events import events_of

SMALL = Architecture((1, 28, 28), (Conv2d(2), MaxPool2d(4), Dropout(0.2), Flatten(), Linear(10)), 10)
STEPS = 2  # batches of an epoch
RATE: Command = {"do": "learning_rate", "value": 0.001}
STOP: Command = {"do": "stop"}
PAUSE: Command = {"do": "pause"}
HANGUP: Command = {"do": "hangup"}
NO_TIME, FEW_WEIGHTS = "no time", "the best weights only, pauses within the last epoch"
# What a user does after so many batches of the training.
PLANS: dict[str, dict[int, list[Command]]] = {
    "finish": {},
    "another rate, pauses within and at the end of an epoch, finish": {
        1: [RATE, PAUSE],
        2: [HANGUP],
        3: [PAUSE],
    },
    "stop in the first epoch": {1: [STOP]},
    "pause, then stop at the end of an epoch": {3: [PAUSE], 4: [STOP]},
    NO_TIME: {},
    FEW_WEIGHTS: {3: [PAUSE]},
}
# What a run may take: time for one batch, or disk for the weights of one epoch.
ALLOWED = {NO_TIME: Allowed(minutes=0.0), FEW_WEIGHTS: Allowed(megabytes=1)}


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Disk:
    """Counts the writes of a run, and ends the process at one of them: before it, in the middle of it, or after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int = -1, when: str = "") -> None:
        self.writes, self.at, self.when = [], at, when
        self.stop_heard = None  # after so many writes
        self.replacing, self.append_line, self.remove = files.replacing, files.append_line, files.remove
        monkeypatch.setattr(files, "replacing", self.kill_replacing)
        monkeypatch.setattr(files, "append_line", self.kill_append_line)
        monkeypatch.setattr(files, "remove", self.kill_remove)

    @property
    def stop_is_written(self) -> bool:
        """Whether a whole write came after the order to stop: then nobody has to give it again."""
        whole = len(self.writes) - (self.when != "after")
        return self.stop_heard is not None and whole > self.stop_heard

    def kills(self, name: str) -> str:
        self.writes.append(name)
        now = self.when if len(self.writes) - 1 == self.at else ""
        if now == "before":
            raise Killed
        return now

    @contextlib.contextmanager
    def kill_replacing(self, path: Path) -> Iterator[Path]:
        now = self.kills(path.name)
        if now == "half":
            yield path.with_name(f".{path.name}.1.part")
            raise Killed
        with self.replacing(path) as part:
            yield part
        if now == "after":
            raise Killed

    def kill_append_line(self, path: Path, text: str) -> None:
        now = self.kills(path.name)
        if now == "half":
            with path.open("a") as file:
                file.write(text[: len(text) // 2])
            raise Killed
        self.append_line(path, text)
        if now == "after":
            raise Killed

    def kill_remove(self, path: Path) -> None:
        now = self.kills(f"remove {path.name}")
        if now == "half":
            raise Killed
        self.remove(path)
        if now == "after":
            raise Killed


class User:
    """Says what the plan says after so many batches, once; what did not reach the disk is said again."""

    def __init__(self, path: Path, plan: dict[int, list[Command]], disk: Disk | None = None) -> None:
        self.path, self.plan, self.disk = path, plan, disk
        self.batches, self.asked = 0, False
        self.waiting: list[Command] = []

    def hear(self, event: Event) -> None:
        if event["type"] == "started":
            self.batches, self.asked, self.waiting = event["epoch"] * STEPS + event["step"], False, []

    def __call__(self) -> Command | None:
        if not self.asked:
            self.batches, self.asked = self.batches + 1, True
            told = any(event["type"] == "learning_rate" for event in events_of(self.path))
            self.waiting = [c for c in self.plan.get(self.batches, []) if not (told and c is RATE)]
        if self.waiting:
            if self.waiting[0] is STOP and self.disk is not None:
                self.disk.stop_heard = len(self.disk.writes)
            return self.waiting.pop(0)
        self.asked = False
        return None


def create(name: str, **changes: object) -> Path:
    options = {"dataset": "digits", "epochs": 2, "device": "cpu", "train_limit": 60, "batch_size": 32}
    settings = TrainSettings(**{**options, "learning_rate": 0.02, **changes})
    return records.create(SMALL, settings, "a small run", records.runs_home() / name)


def to_the_end(
    path: Path, plan: dict[int, list[Command]], disk: Disk | None = None, allowed: Allowed = NO_LIMITS
) -> history.Run:
    """Execute a run, and again for as long as it can be resumed."""
    user = User(path, plan, disk)
    for _ in range(5):
        run = execute(path, user, user.hear, allowed)
        if not run.resumable:
            return run
    raise AssertionError("it does not end")


def told(run: history.Run) -> dict[str, object]:
    """All that a run ended with, but for the time it took."""
    timeless = [{k: v for k, v in epoch.items() if k not in ("time", "seconds")} for epoch in run.epochs]
    return {
        "status": run.status,
        "reason": run.reason,
        "epochs": timeless,
        "test": run.test,
        "card": checkpoints.read_card(run.path).test,
        "rates": [(*folding.place(rate), rate["value"]) for rate in run.learning_rates],
        "best": (run.path / records.BEST).read_bytes(),
        "weights": {file.name: file.read_bytes() for file in (run.path / records.EPOCHS).iterdir()},
        "state": (run.path / records.RESUME).exists(),
    }


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", PLANS)
def test_a_run_killed_at_any_of_its_writes_ends_as_if_it_had_not_been(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same writes in every run, however slow the machine is for a moment.
    monkeypatch.setattr(batch_log, "SECONDS_BETWEEN_EVENTS", 1e9)
    plan, allowed = PLANS[name], ALLOWED.get(name, NO_LIMITS)
    path = create("whole")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        whole = told(to_the_end(path, plan, allowed=allowed))
    assert whole["state"] is False
    if name == FEW_WEIGHTS:
        assert len(whole["weights"]) == 1
    if name == NO_TIME:
        assert whole["status"] == "stopped"
        assert len(whole["epochs"]) == 0
        assert whole["test"]
    last = len(disk.writes) - 1
    for at in range(len(disk.writes)):
        # After a write and before the next one the disk is the same.
        for when in ("before", "half", "after") if at == last else ("before", "half"):
            path = create(f"{at}-{when}")
            with pytest.MonkeyPatch.context() as patch:
                killed = Disk(patch, at, when)
                with pytest.raises(Killed):
                    to_the_end(path, plan, killed, allowed)
            run = to_the_end(path, {} if killed.stop_is_written else plan, allowed=allowed)
            where = f"killed {when} write {at}, {disk.writes[at]}"
            assert told(run) == whole, where
            written = [event["epoch"] for event in events_of(path) if event["type"] == "epoch"]
            assert written == [epoch["epoch"] for epoch in run.epochs], where
            places = [folding.place(batch) for batch in run.batches]
            assert places == sorted(set(places)), where
            events = (path / records.EVENTS).read_bytes()
            assert told(execute(path)) == whole, where
            assert (path / records.EVENTS).read_bytes() == events, where


def test_a_resumed_epoch_has_the_loss_and_accuracy_of_all_its_batches() -> None:
    whole = to_the_end(create("whole"), {})
    for batch in (1, 2):
        resumed = to_the_end(create(f"paused-{batch}"), {batch: [PAUSE]})
        assert resumed.epochs[0]["loss"] == whole.epochs[0]["loss"]
        assert resumed.epochs[0]["accuracy"] == whole.epochs[0]["accuracy"]
        images = [32, 28]
        losses = [loss * n for loss, n in zip((b["loss"] for b in resumed.batches), images)]
        assert resumed.epochs[0]["loss"] == pytest.approx(sum(losses) / 60)


def test_a_stopped_run_keeps_a_scored_model_even_before_its_first_epoch() -> None:
    run = to_the_end(create("stopped"), {1: [STOP]})
    assert run.status == "stopped"
    assert run.epochs == ()
    assert run.has_model
    card = checkpoints.load(run.path).card
    assert card.test == run.test
    assert card.command == ""  # no command stops


def test_minutes_are_counted_over_resumes(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(10**6))  # each look at the clock is a second later
    monkeypatch.setattr("cnn_core.runs.execution.time.perf_counter", lambda: float(next(seconds)))
    path = create("resumed", epochs=50)
    plan = {batch: [PAUSE] for batch in range(2, 100, 2)}
    for _ in range(100):
        user = User(path, plan)
        run = execute(path, user, user.hear, Allowed(minutes=0.5))
        if run.status != "paused":
            break
    assert run.status == "stopped"
    assert run.reason.startswith("Stopped after 0.5 min of training, the most that a run may take")
    assert 1 < len(run.epochs) < 10
    assert run.test is not None
    assert execute(path, allowed=Allowed(minutes=99.0)).status == "stopped"


def test_of_many_rates_at_once_the_last_is_used_and_few_are_written_down() -> None:
    path = create("rates at once", epochs=1)
    many: list[Command] = [{"do": "learning_rate", "value": 0.001 + n / 1e6} for n in range(1000)]
    run = to_the_end(path, {1: many})
    assert [rate["value"] for rate in run.learning_rates] == [0.001 + 999 / 1e6]


def test_events_become_rarer_as_their_file_grows() -> None:
    path = create("long")
    seconds = [0.25, 0.25, 0.5, 1.0]
    for size, expected in zip([0, 1_999_999, 2_000_000, 4_000_000], seconds):
        (path / records.EVENTS).write_bytes(b"\n" * size)
        execution = Execution(history.read(path), lambda: None, lambda event: None, NO_LIMITS)
        assert execution.batches.between == expected


def test_a_hangup_leaves_a_run_to_be_resumed() -> None:
    path = create("hangup")
    run = execute(path, User(path, {1: [HANGUP]}))
    assert run.status == "interrupted"
    assert "resume" in run.reason
    assert execute(path).status == "finished"


def test_a_new_learning_rate_counts_from_the_next_batch_on() -> None:
    run = to_the_end(create("rate"), {1: [{"do": "learning_rate", "value": 0.0005}]})
    (rate,) = run.learning_rates
    assert (folding.place(rate), rate["value"]) == ((0, 1), 0.0005)
    assert [batch["learning_rate"] for batch in run.batches[1:]] == [0.0005] * 2
    assert checkpoints.read_card(run.path).command == ""  # nor does one change the rate


def test_a_rate_chosen_while_batches_are_done_again_takes_the_place_of_later_ones() -> None:
    path = create("rates")
    at = {"type": "learning_rate", "epoch": 0}
    for event in ({**at, "step": 1, "value": 0.1}, {**at, "step": 2, "value": 0.2}):
        records.append(path, event)
    assert [rate["value"] for rate in history.read(path).learning_rates] == [0.1, 0.2]
    records.append(path, {**at, "step": 1, "value": 0.3})
    assert [rate["value"] for rate in history.read(path).learning_rates] == [0.3]


DIVERGING = {"optimizer": "sgd", "learning_rate": 1e4, "schedule": "constant", "train_limit": 100}
DEEP = (*(Conv2d(8) for _ in range(4)), Flatten(), Linear(10))


def test_a_run_that_diverges_fails_with_what_to_do_and_no_epoch_without_numbers_is_the_best() -> None:
    settings = TrainSettings(dataset="digits", epochs=2, device="cpu", batch_size=128, **DIVERGING)
    # One batch an epoch: the second one's loss is a number, that of the validation after it is not.
    path = records.create(Architecture((1, 28, 28), DEEP, 10), settings)
    run = execute(path)
    assert run.status == "failed"
    assert run.reason == (
        "The loss stopped being a number after epoch 2: the weights grew until they overflowed."
        " Lower the learning rate from 10000 to 1000 and try again."
    )
    assert [(epoch["epoch"], epoch["best"]) for epoch in run.epochs] == [(0, True)]
    first = checkpoints.load_weights(records.epoch_weights(path, 0))
    best = checkpoints.load_weights(path / records.BEST)
    assert all(torch.equal(best[name], first[name]) for name in first)
    assert run.test is None


def test_a_loss_that_is_no_number_is_found_among_the_batches() -> None:
    run = execute(create("batches", epochs=20, validation_fraction=0.0, **{**DIVERGING, "batch_size": 8}))
    assert run.status == "failed"
    assert "Lower the learning rate from 10000 to 1000" in run.reason
    for line in (run.path / records.EVENTS).read_text().splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(name))


@pytest.mark.parametrize("score", ["score_validation", "score_test"])
def test_a_score_whose_loss_is_no_number_fails_the_run(score: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(Trainer, score)
    monkeypatch.setattr(Trainer, score, lambda self: replace(real(self), loss=float("inf")))
    run = execute(create(score))
    assert run.status == "failed"
    assert "Lower the learning rate from 0.02 to 0.002" in run.reason
    assert run.test is None
    assert len(run.epochs) == (0 if score == "score_validation" else 2)


def test_weights_that_are_no_numbers_fail_a_run_that_holds_out_no_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Trainer.weights
    monkeypatch.setattr(Trainer, "weights", lambda self: {k: v / 0 for k, v in real(self).items()})
    run = execute(create("weights", validation_fraction=0.0))
    assert run.status == "failed"
    assert not run.has_model


def test_a_full_disk_interrupts_the_run_and_it_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    path, write = create("full"), files.write_tensors

    def full(target: Path, *contents: object) -> None:
        if target.name == "002.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(target, *contents)

    monkeypatch.setattr(files, "write_tensors", full)
    run = execute(path)
    assert run.status == "interrupted"
    assert "disk is full" in run.reason
    assert len(run.epochs) == 1
    assert checkpoints.load(path).card.name == path.name
    monkeypatch.undo()


def test_a_missing_dataset_is_a_failed_run_with_a_sentence() -> None:
    run = execute(create("missing", dataset="mnist"))
    assert run.status == "failed"
    assert "MNIST" in run.reason


def test_the_first_point_of_a_later_epoch_is_a_mean_like_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first epoch the first batch is told at once: whoever pressed Train waits for it."""
    monkeypatch.setattr("cnn_core.runs.batch_log.SECONDS_BETWEEN_EVENTS", 1e6)
    run = execute(create("told", epochs=3))
    assert [(told["epoch"], told["step"]) for told in run.batches] == [(0, 1), (0, 2), (1, 2), (2, 2)]
