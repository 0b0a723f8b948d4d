"""A model's answers to its whole test set: those stored with a run, else computed once for all sessions, in background.

A class may ask for them all at once: one thread computes, each model's once, and what is kept is bounded by its bytes.
"""

import logging
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cnn_core import checkpoints
from cnn_core.arrays import Floats
from cnn_core.checkpoints import CheckpointError
from cnn_core.data.datasets import Dataset
from cnn_core.inside.forward import probabilities
from cnn_core.limits import MEGABYTE
from cnn_core.runs import predictions
from pages.ui.models import ModelRef
from pages.ui.words import sentence

MOST_BYTES = 64 * MEGABYTE  # that are kept: 160 models of 10,000 images and 10 classes
MOST_WAITING = 100  # models that are computed or wait for it
_LOG = logging.getLogger(__name__)
Key = tuple[str, int, str]


@dataclass
class Reading:
    """A model that reads its test images now, or waits for its turn: `done` is 0..1; `failed` a sentence, or empty."""

    done: float = 0.0
    failed: str = ""


class Answers:
    """What models answer to test sets, the last that were asked for. Thread-safe."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._mutex = threading.Lock()
        self._kept: OrderedDict[Key, Floats] = OrderedDict()
        self._reading: OrderedDict[Key, Reading] = OrderedDict()
        self._one_at_a_time = ThreadPoolExecutor(1, "reads test images")

    def get(self, ref: ModelRef, dataset: Dataset) -> Floats | Reading:
        """Probabilities float32 (N, K) of the dataset's test images, or how far they are. Never waits."""
        key = (ref.key, ref.stamp, dataset.name)
        with self._mutex:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key in self._reading:
                return self._reading[key]
        stored = predictions.read(ref.path, len(dataset.y_test), len(dataset.classes))
        if stored is not None:
            self._keep(key, stored)
            return stored
        with self._mutex:
            if key in self._kept:
                return self._kept[key]
            reading = self._reading.get(key)
            if reading is None:
                self._forget_failed()
                if len(self._reading) >= MOST_WAITING:
                    return Reading(
                        failed="Too many models read their test images just now. Try again in a minute."
                    )
                reading = self._reading[key] = Reading()
                self._one_at_a_time.submit(self._read, key, reading, ref, dataset)
            return reading

    def _read(self, key: Key, reading: Reading, ref: ModelRef, dataset: Dataset) -> None:
        def show(done: float) -> None:
            reading.done = done

        try:
            self._keep(key, probabilities(checkpoints.load(ref.path).model, dataset.x_test, progress=show))
        except (CheckpointError, OSError, RuntimeError, ValueError) as error:
            _LOG.warning("%s cannot read its test images", ref.key, exc_info=True)
            reading.failed = sentence(str(error))  # and stays so: a page that asks again is told at once
        else:
            with self._mutex:
                del self._reading[key]

    def _forget_failed(self) -> None:
        """Forget the oldest failures where so many are remembered."""
        failed = [key for key, reading in self._reading.items() if reading.failed]
        for key in failed[: -MOST_WAITING // 2]:
            del self._reading[key]

    def _keep(self, key: Key, found: Floats) -> None:
        with self._mutex:
            self._kept[key] = found
            while len(self._kept) > 1 and sum(one.nbytes for one in self._kept.values()) > self.most_bytes:
                self._kept.popitem(last=False)


# In none of Streamlit's caches: any visitor can clear those, and then several sessions would compute the same at once.
_ANSWERS = Answers()


def answers(ref: ModelRef, dataset: Dataset) -> Floats | Reading:
    """As `Answers.get`, for all sessions of this server."""
    return _ANSWERS.get(ref, dataset)
