"""The moments of a run whose weights are kept: untrained, after a few batches of epoch 1, after whole epochs."""

import re
from dataclasses import dataclass
from pathlib import Path

from cnn_core import files
from cnn_core.files import Stamp
from cnn_core.runs import kept_weights, records
from cnn_core.runs.history import Run

MOST_MOMENTS = 32  # of a run on the command line, which keeps every epoch
_NUMBER = re.compile(r"\d{3,6}")


@dataclass(frozen=True)
class Moment:
    """After `epoch` whole epochs and `step` batches of the next one: the weights' `file`, and its stamp."""

    epoch: int
    step: int
    file: Path
    stamp: Stamp

    def batches(self, steps_per_epoch: int) -> int:
        """How many batches were done until then."""
        return self.epoch * steps_per_epoch + self.step

    @property
    def place(self) -> str:
        """As it stands in a link: "0.10", epoch and batch."""
        return f"{self.epoch}.{self.step}"

    @property
    def words(self) -> str:
        """Which one it is: "untrained", "after 10 batches of epoch 1", "after epoch 3"."""
        if self.epoch:
            return f"after epoch {self.epoch}"
        if not self.step:
            return "untrained"
        return f"after {self.step:,} batch{'' if self.step == 1 else 'es'} of epoch 1"


def moments(run: Run) -> list[Moment]:
    """The moments of a run as it lies there now, in their order; none of a run that kept nothing.

    Runs of old kept no batches of the first epoch. Of more than `MOST_MOMENTS`, epochs are left out, evenly.
    """
    first = [
        Moment(0, step, file, stamp)
        for step, file, stamp in _found(run.path / records.STEPS)
        if run.started is None or step < run.started["steps_per_epoch"]
    ]
    done = {epoch["epoch"] + 1 for epoch in run.epochs}  # one that is not told yet is done again
    epochs = [
        Moment(epoch, 0, file, stamp)
        for epoch, file, stamp in _found(run.path / records.EPOCHS)
        if epoch in done
    ]
    if len(first) + len(epochs) > MOST_MOMENTS:
        best = max((place for place, one in enumerate(epochs) if _is_best(run, one)), default=len(epochs) - 1)
        wanted = kept_weights.kept(len(epochs), best, MOST_MOMENTS - len(first))
        epochs = [one for place, one in enumerate(epochs) if place in wanted]
    return [*first, *epochs]


def _is_best(run: Run, moment: Moment) -> bool:
    return any(epoch["best"] and epoch["epoch"] + 1 == moment.epoch for epoch in run.epochs)


def _found(folder: Path) -> list[tuple[int, Path, Stamp]]:
    """The files of a folder that are called by a number, by their numbers."""
    found = []
    try:
        for file in folder.iterdir():
            if _NUMBER.fullmatch(file.stem) and file.suffix == ".safetensors" and files.is_file(file):
                stamp = files.stamp(file)
                if stamp is not None:
                    found.append((int(file.stem), file, stamp))
    except OSError:
        return []
    return sorted(found)
