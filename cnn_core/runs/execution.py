"""Doing a run: train what its spec says, write down what happens, obey between batches.

The process may end before or after any of its writes, and nothing is lost, because of their order: an epoch's weights
first, then the saved state, which carries the epoch's numbers too, then the best weights, and last the event; only then
are the weights removed that are not kept. What the state knows and the events lack is written when the run goes on. To
stop is part of the state as well, so that a stopped run never trains again; the state is removed only after the event
that says how the run ended. The weights of the first batches are only looked at: whichever of them were written
before the process ended are written again when the run does those batches again.
"""

import time
import traceback
from collections.abc import Callable
from pathlib import Path

from torch import Tensor

from cnn_core import files
from cnn_core.checkpoints import CARD, Scores, all_finite, load_weights
from cnn_core.data.datasets import load
from cnn_core.runs import history, kept_weights, predictions, records, saved_state, speed
from cnn_core.runs.allowed import NO_LIMITS, Allowed
from cnn_core.runs.batch_log import BatchLog
from cnn_core.runs.cards import card_of, summary
from cnn_core.runs.command import train_command
from cnn_core.runs.early_stopping import gets_no_better, quality
from cnn_core.runs.errors import check_numbers, explain
from cnn_core.runs.events import Command, Ended, Epoch, Event, Finished
from cnn_core.runs.learning_rates import Rates
from cnn_core.runs.saved_state import beginning, nothing
from cnn_core.training.compute import bfloat16_pays, device_name
from cnn_core.training.estimate import Images, training_seconds
from cnn_core.training.trainer import Trainer

SERVER_ENDED = "The server ended while this was training. Nothing is lost: resume it."

Commands = Callable[[], Command | None]
Listener = Callable[[Event], None]


class _Leave(Exception):
    """Training ends before its last epoch; `event` says how, and is the last thing to be written."""

    def __init__(self, event: Ended) -> None:
        super().__init__(event["type"])
        self.event = event


class _Stop(Exception):
    """No more training: what was learned is to be scored."""


def execute(
    path: Path,
    commands: Commands = lambda: None,
    listener: Listener = lambda _event: None,
    allowed: Allowed = NO_LIMITS,
) -> history.Run:
    """Train the run in `path` to its end, from its saved state where it has one, and return how it ended.

    `commands` is asked after every batch, see `events.Command`; `listener` gets every event that is written. At the end
    of the time that it is `allowed`, the run stops as if it had been told to. Whatever goes wrong becomes a `failed`
    event with a sentence, `interrupted` where the disk or the system is at fault; only a disk that takes no event at
    all raises (`OSError`), and a folder that holds no readable run (`RunError`). A run that has finished or was stopped
    is left as it is.
    """

    def tell(event: Event) -> None:
        listener(records.append(path, event))

    with records.lock(path):
        run = history.read(path)
        for folder in (
            path,
            path / records.EPOCHS,
            path / records.STEPS,
        ):  # whoever wrote here before was killed
            files.remove_left_behind(folder, unused=True)
        if run.status in ("finished", "stopped"):
            files.remove(path / records.RESUME)
            return run
        try:
            Execution(run, commands, tell, allowed).train()
        except _Leave as end:
            tell(end.event)
        except OSError as error:  # a full disk, say: no fault of the training, and over one day
            traceback.print_exc()
            tell({"type": "interrupted", "reason": explain(error)})
        except Exception as error:
            traceback.print_exc()
            tell({"type": "failed", "reason": explain(error)})
    return history.read(path)


class Execution:
    """One run being trained, written down, and told what to do."""

    def __init__(self, run: history.Run, commands: Commands, tell: Listener, allowed: Allowed) -> None:
        self.run, self.path, self.commands, self.tell = run, run.path, commands, tell
        self.allowed = allowed
        self.epochs_kept = allowed.epochs_kept(run.architecture, run.settings)
        self.trainer = Trainer(run.architecture, run.settings, load(run.settings.dataset))
        most = allowed.steps_kept(run.architecture, run.settings)
        self.steps_kept = kept_weights.first_steps(self.trainer.steps_per_epoch, most)
        self.state = saved_state.restore(self.path, self.trainer, run.epochs) or beginning()
        self.batches = BatchLog(self.path, self.trainer, self.state, tell)
        self.rates = Rates(run, self.trainer, tell)
        self.whole_epochs: list[float] = []  # seconds of those that began here

    def train(self) -> None:
        """Do what is left of the run. Raises what ends it early."""
        self._write_what_the_events_lack()
        self._remove_weights()
        trainer = self.trainer
        if trainer.epoch == 0:
            kept_weights.remove_steps_after(self.path, trainer.step)
            self._keep_first_steps()
        self.tell(
            {
                "type": "started",
                "epoch": trainer.epoch,
                "step": trainer.step,
                "steps_per_epoch": trainer.steps_per_epoch,
                "images": len(trainer.training),
                "validation_images": len(trainer.validation),
                "device": device_name(trainer.device),
                "precision": "bfloat16" if bfloat16_pays(trainer.device) else "float32",
            }
        )
        try:
            while (
                not self.state["stopping"] and not self._early() and trainer.epoch < self.run.settings.epochs
            ):
                begun, whole = time.perf_counter(), trainer.step == 0
                self._one_epoch()
                self._finish_epoch()
                if whole:
                    self.whole_epochs.append(time.perf_counter() - begun)
        except _Stop:
            pass  # the saved state knows
        finally:
            self._note_speed()
        self._conclude()

    def _early(self) -> str:
        """Why there is no further epoch, though one was asked for; known from the saved epochs alone."""
        if self.trainer.epoch >= self.run.settings.epochs:
            return ""
        return gets_no_better(self.run.settings, self.state["epochs"])

    def _note_speed(self) -> None:
        """Tell the pages how fast this machine is, where enough was trained to tell."""
        took, epochs = sum(self.whole_epochs), len(self.whole_epochs)
        if took >= speed.TELLING_SECONDS:
            data = self.trainer.dataset
            images = Images(len(data.x_train), len(data.x_test))
            expected = training_seconds(self.run.architecture, self.run.settings, images)
            speed.note(expected * epochs / self.run.settings.epochs, took)

    def _one_epoch(self) -> None:
        self.batches.begin_epoch()
        self.rates.use_again()
        for step in self.trainer.steps():
            self.batches.add(step)
            self._keep_first_steps()
            self.rates.use_again()
            self._obey()

    def _keep_first_steps(self) -> None:
        """Keep the weights as they are now, if this is one of the moments of the first epoch that are kept."""
        trainer = self.trainer
        if trainer.epoch or trainer.step not in self.steps_kept:
            return
        weights = trainer.weights()
        if all_finite(weights):  # else the training ends within the next batches, and says why
            file = records.step_weights(self.path, trainer.step)
            file.parent.mkdir(exist_ok=True)  # a run of old, resumed
            files.write_tensors(file, weights)

    def _obey(self) -> None:
        self._end_in_time()
        while (command := self.commands()) is not None:
            if command["do"] == "learning_rate":
                self.rates.ask(command["value"])
                continue
            self.rates.use_asked()
            match command["do"]:
                case "stop":
                    self._stop()
                case "pause":
                    self._save_state()
                    raise _Leave({"type": "paused", "reason": command.get("reason", "")})
                case "hangup":
                    self._save_state()
                    raise _Leave({"type": "interrupted", "reason": command.get("reason", SERVER_ENDED)})
        self.rates.use_asked(self.batches.between)

    def _end_in_time(self) -> None:
        if reason := self.allowed.too_long(self.batches.trained):
            self.rates.use_asked()
            self._stop(reason)

    def _stop(self, reason: str = "") -> None:
        self.state["stopping"], self.state["reason"] = True, reason
        self._save_state()
        raise _Stop

    def _finish_epoch(self) -> None:
        trainer, sums, best = self.trainer, self.state["sums"], self.state["best"]
        score, weights = trainer.score_validation(), trainer.weights()
        self.batches.end_epoch()
        what = f"The loss stopped being a number after epoch {trainer.epoch}"
        check_numbers(what, self.run.settings.learning_rate, score.loss if score else 0.0, weights)
        mean_loss = sums["loss"] / max(1, sums["images"])
        trainer.end_epoch(score.loss if score else mean_loss)
        good = quality(self.run.settings, trainer.epoch, score)
        record: Epoch = {
            "type": "epoch",
            "epoch": trainer.epoch - 1,
            "loss": mean_loss,
            "accuracy": sums["correct"] / max(1, sums["images"]),
            "validation_loss": score.loss if score else None,
            "validation_accuracy": score.accuracy if score else None,
            "seconds": sums["seconds"],
            "best": best is None or good >= best,
        }
        if trainer.vitals is not None:
            record["gradient_norms"] = trainer.vitals["gradient_norms"]
            record["update_ratios"] = trainer.vitals["update_ratios"]
        record["dead_relus"] = trainer.dead_relus()
        files.write_tensors(records.epoch_weights(self.path, record["epoch"]), weights)
        self.state["best"] = good if record["best"] else best
        self.state["epochs"].append(record)
        self.state["sums"] = nothing()
        self._save_state()
        if record["best"]:
            self._save_best(weights)
        self.tell(record)
        self._remove_weights()

    def _remove_weights(self) -> None:
        if self.epochs_kept is not None:
            kept_weights.remove_others(self.path, self.state["epochs"], self.epochs_kept)

    def _write_what_the_events_lack(self) -> None:
        """The epochs that the saved state knows and nobody could write down any more."""
        told = {epoch["epoch"] for epoch in self.run.epochs}
        missing = [record for record in self.state["epochs"] if record["epoch"] not in told]
        best = max((record["epoch"] for record in self.state["epochs"] if record["best"]), default=None)
        for record in missing:
            if record["epoch"] == best:
                self._save_best(load_weights(records.epoch_weights(self.path, best)))
            self.tell(record)

    def _conclude(self) -> None:
        """Score the best weights on the test set, put the scores beside them, and say how the run ended."""
        trainer = self.trainer
        if self.state["best"] is None:
            self._save_best(trainer.weights())
        weights = load_weights(self.path / records.BEST)
        trainer.load_weights(weights)
        score = trainer.score_test()
        what = "The loss on the test images is no number"
        check_numbers(what, self.run.settings.learning_rate, score.loss, weights)
        test = summary(score, len(trainer.dataset.classes))
        predictions.write(self.path, score.probabilities)
        files.write_json(self.path / records.METRICS, test)
        self._write_card(test)
        if self.state["stopping"]:
            self.tell({"type": "stopped", "reason": self.state["reason"]})
        else:
            finished: Finished = {
                "type": "finished",
                "accuracy": test["accuracy"],
                "macro_f1": test["macro_f1"],
            }
            if early := self._early():
                finished["reason"] = early
            self.tell(finished)
        files.remove(self.path / records.RESUME)

    def _save_best(self, weights: dict[str, Tensor]) -> None:
        files.write_tensors(self.path / records.BEST, weights)
        self._write_card(None)

    def _write_card(self, test: Scores | None) -> None:
        # No command repeats what somebody did while it trained.
        by_hand = self.state["stopping"] or self.rates.by_hand
        command = "" if by_hand else train_command(self.run.architecture, self.run.settings)
        files.write_json(self.path / CARD, card_of(self.run, test, command).to_dict())

    def _save_state(self) -> None:
        self.batches.tell()
        saved_state.save(self.path, self.trainer, self.state)
