"""Doing a run: train what its spec says, write down what happens, obey between batches."""

import json
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from cnn_core.checkpoints import CARD, Card, CheckpointError, load_weights
from cnn_core.data.datasets import INFO, load
from cnn_core.files import write_json, write_tensors
from cnn_core.judge import metrics
from cnn_core.runs import records
from cnn_core.runs.errors import explain
from cnn_core.training.compute import bfloat16_pays, device_name
from cnn_core.training.trainer import Diverged, Score, Trainer

BEST = "best.safetensors"
SECONDS_BETWEEN_EVENTS = 0.25
SERVER_ENDED = "The server ended while this was training. Nothing is lost: resume it."

Command = Mapping[str, Any]
Commands = Callable[[], Command | None]
Listener = Callable[[Mapping[str, Any]], None]


class _Ended(Exception):
    """Training ends before its last epoch: `kind` is the event that says how."""

    def __init__(self, kind: str, reason: str = "") -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


def execute(
    path: Path, commands: Commands = lambda: None, listener: Listener = lambda _event: None, command: str = ""
) -> records.Run:
    """Train the run in `path` to its end, from its saved state where it has one, and return how it ended.

    `commands` is asked after every batch: `{"do": "stop"}`, `{"do": "pause"}` (`"reason"` is shown), `{"do": "hangup"}`
    or `{"do": "learning_rate", "value": 0.001}`. `listener` gets every event that is written. Whatever goes wrong
    becomes a `failed` event with a sentence; only a disk that takes no event at all raises (`OSError`).
    """

    def tell(kind: str, **values: Any) -> None:
        listener(records.append(path, kind, **values))

    with records.lock(path):
        try:
            _Recorder(path, commands, tell, command).train()
        except _Ended as end:
            tell(end.kind, reason=end.reason)
        except OSError as error:  # a full disk, say: no fault of the training, and over one day
            traceback.print_exc()
            tell("interrupted", reason=explain(error))
        except Exception as error:
            traceback.print_exc()
            tell("failed", reason=explain(error))
    return records.read(path)


class _Recorder:
    """One run being trained and written down."""

    def __init__(self, path: Path, commands: Commands, tell: Callable[..., None], command: str) -> None:
        self.path, self.commands, self.tell, self.command = path, commands, tell, command
        self.run = records.read(path)
        self.trainer = Trainer(self.run.architecture, self.run.settings, load(self.run.settings.dataset))
        self.best: list[float] | None = None
        if (path / records.RESUME).is_file():
            self._restore()

    def train(self) -> None:
        trainer, settings = self.trainer, self.run.settings
        self.tell(
            "started",
            device=device_name(trainer.device),
            precision="bfloat16" if bfloat16_pays(trainer.device) else "float32",
            images=len(trainer.training),
            validation_images=len(trainer.validation),
            steps_per_epoch=trainer.steps_per_epoch,
            epoch=trainer.epoch,
            step=trainer.step,
        )
        while trainer.epoch < settings.epochs:
            began = time.perf_counter()
            loss, accuracy = self._one_epoch()
            self._finish_epoch(loss, accuracy, time.perf_counter() - began)
        self._conclude("finished")

    def _one_epoch(self) -> tuple[float, float]:
        trainer = self.trainer
        zero = torch.zeros((), device=trainer.device)
        # Sums since the last event and since the start of the epoch (or of this part of it, after a pause).
        loss, correct, images = zero.clone(), zero.clone(), 0
        all_loss, all_correct, all_images = zero.clone(), zero.clone(), 0
        since, first = time.perf_counter(), True
        for step in trainer.steps():
            loss, correct, images = loss + step.loss, correct + step.correct, images + step.images
            now = time.perf_counter()
            if first or now - since >= SECONDS_BETWEEN_EVENTS or trainer.step == trainer.steps_per_epoch:
                mean = float(loss) / images
                self.tell(
                    "batch",
                    epoch=trainer.epoch,
                    step=trainer.step,
                    loss=_json_number(mean),
                    accuracy=float(correct) / images,
                    images_per_second=images / (time.perf_counter() - since),
                    learning_rate=trainer.learning_rate,
                )
                self._check_finite(mean)
                all_loss, all_correct, all_images = (
                    all_loss + loss,
                    all_correct + correct,
                    all_images + images,
                )
                loss, correct, images, since, first = (
                    zero.clone(),
                    zero.clone(),
                    0,
                    time.perf_counter(),
                    False,
                )
            self._obey()
        return float(all_loss) / max(1, all_images), float(all_correct) / max(1, all_images)

    def _check_finite(self, loss: float) -> None:
        if loss == loss and abs(loss) != float("inf"):
            return
        rate = self.run.settings.learning_rate
        at = f"step {self.trainer.step} of epoch {self.trainer.epoch + 1}"
        raise Diverged(
            f"The loss stopped being a number at {at}: the weights grew until they overflowed."
            f" Lower the learning rate from {rate:g} to {rate / 10:g} and try again."
        )

    def _obey(self) -> None:
        while (command := self.commands()) is not None:
            match command.get("do"):
                case "learning_rate":
                    self.trainer.set_learning_rate(float(command["value"]))
                    self.tell("learning_rate", value=float(command["value"]))
                case "stop":
                    self._conclude("stopped")
                    raise _Ended("stopped")
                case "pause":
                    self._save_state()
                    raise _Ended("paused", str(command.get("reason", "")))
                case "hangup":
                    self._save_state()
                    raise _Ended("interrupted", str(command.get("reason", SERVER_ENDED)))

    def _finish_epoch(self, loss: float, accuracy: float, seconds: float) -> None:
        trainer = self.trainer
        score = trainer.score_validation()
        weights = trainer.weights()
        write_tensors(self.path / "epochs" / f"{trainer.epoch:03d}.safetensors", weights)
        quality = [score.accuracy, -score.loss] if score else [float(trainer.epoch), 0.0]
        is_best = self.best is None or quality >= self.best
        if is_best:
            self.best = quality
            self._save_best(weights)
        self._save_state()
        self.tell(
            "epoch",
            epoch=trainer.epoch - 1,
            loss=_json_number(loss),
            accuracy=accuracy,
            validation_loss=_json_number(score.loss) if score else None,
            validation_accuracy=score.accuracy if score else None,
            seconds=seconds,
            best=is_best,
        )
        self._check_finite(loss)

    def _conclude(self, kind: str) -> None:
        """Score the best weights on the test set and put the scores beside them."""
        trainer = self.trainer
        if not (self.path / BEST).is_file():
            self._save_best(trainer.weights())
        trainer.load_weights(load_weights(self.path / BEST))
        test = summary(trainer.score_test(), len(trainer.dataset.classes))
        write_json(self.path / records.METRICS, test)
        write_json(self.path / CARD, self._card(test).to_dict())
        (self.path / records.RESUME).unlink(missing_ok=True)
        if kind == "finished":
            self.tell(kind, accuracy=test["accuracy"], macro_f1=test["macro_f1"])

    def _save_best(self, weights: dict[str, Tensor]) -> None:
        write_tensors(self.path / BEST, weights)
        write_json(self.path / CARD, self._card(None).to_dict())

    def _card(self, test: dict[str, Any] | None) -> Card:
        run, info = self.run, INFO[self.run.settings.dataset]
        return Card(
            name=run.id,
            title=run.title,
            dataset=info.name,
            classes=tuple(info.classes),
            architecture=run.architecture,
            settings=run.settings.to_dict(),
            test=test,
            command=self.command,
            data=info.source,
            versions=records.versions(),
            created=time.strftime("%Y-%m-%d", time.localtime(run.created)),
            weights=BEST,
        )

    def _save_state(self) -> None:
        scalars = {**self.trainer.scalars(), "best": self.best}
        write_tensors(self.path / records.RESUME, self.trainer.tensors(), {"scalars": json.dumps(scalars)})

    def _restore(self) -> None:
        path = self.path / records.RESUME
        tensors = load_weights(path)
        try:
            with safe_open(path, framework="pt") as file:
                scalars = json.loads(file.metadata()["scalars"])
            self.trainer.restore(tensors, scalars)
            self.best = scalars["best"]
        except (SafetensorError, KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
            raise CheckpointError(
                f"the saved state of this run is damaged ({error}); train it again."
            ) from error


def summary(score: Score, classes: int) -> dict[str, Any]:
    """A test score as `metrics.json` and cards hold it."""
    return {
        "accuracy": score.accuracy,
        "macro_f1": score.macro_f1,
        "loss": _json_number(score.loss),
        "images": len(score.labels),
        "confusion_matrix": metrics.confusion_matrix(score.labels, score.predictions, classes).tolist(),
    }


def _json_number(value: float) -> float | None:
    """JSON has no NaN and no infinity: None stands for them."""
    return value if value == value and abs(value) != float("inf") else None
