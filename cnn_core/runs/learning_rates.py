"""The learning rates that somebody chooses while a run trains: used from the next batch on, and again where it resumes.

Of many that are asked for at once the last is used, so that nobody fills the disk with them.
"""

import math
import time
from collections.abc import Callable

from cnn_core.runs import folding, history
from cnn_core.runs.events import Event
from cnn_core.training.trainer import Trainer


class Rates:
    """What the trainer's learning rate is changed to, and when. `by_hand` says whether anybody chose one, ever."""

    def __init__(self, run: history.Run, trainer: Trainer, tell: Callable[[Event], None]) -> None:
        self._trainer, self._tell = trainer, tell
        here = (trainer.epoch, trainer.step)
        # Those chosen in batches that are now done again.
        self._again = [event for event in run.learning_rates if folding.place(event) >= here]
        self.by_hand = bool(run.learning_rates)
        self._asked: float | None = None
        self._used_at = -math.inf

    def use_again(self) -> None:
        """Use what was chosen at this place before."""
        here = (self._trainer.epoch, self._trainer.step)
        while self._again and folding.place(self._again[0]) <= here:
            self._trainer.set_learning_rate(self._again.pop(0)["value"])

    def ask(self, value: float) -> None:
        """Have this one used next."""
        self._asked = value

    def use_asked(self, seconds_between: float = 0.0) -> None:
        """Use the one that was asked for, if that is so long after the last one, and write it down."""
        if self._asked is None or time.perf_counter() - self._used_at < seconds_between:
            return
        value, self._asked, self._used_at = self._asked, None, time.perf_counter()
        self._again, self.by_hand = [], True  # whoever chooses now has seen what was chosen before
        epoch, step = self._trainer.epoch, self._trainer.step
        self._tell({"type": "learning_rate", "epoch": epoch, "step": step, "value": value})
        self._trainer.set_learning_rate(value)
