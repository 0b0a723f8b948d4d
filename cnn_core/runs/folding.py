"""What the events of a run add up to, line by line, in a time and a memory that do not grow with the length of a run.

Batches are by far the most: four a second, 86,400 in six hours. About 500 to 1,000 of them are kept, evenly spread,
with the first and the last; the lines of all others are told by how they begin, and not parsed.
"""

import sys
from collections import deque
from collections.abc import Iterable
from typing import cast

from cnn_core.runs import events
from cnn_core.runs.events import Batch, Epoch, Event, NewLearningRate, Started

# What each event makes of a run. All that is told in training is told by a run that trains, so the last event of a run
# says its status by itself, and nobody has to look for the one before hours of batches.
STATUS_AFTER = {
    "queued": "queued",
    "started": "running",
    "batch": "running",
    "epoch": "running",
    "learning_rate": "running",
    "paused": "paused",
    "interrupted": "interrupted",
    "stopped": "stopped",
    "failed": "failed",
    "finished": "finished",
}
BATCH = b'{"type": "batch"'  # how `events.write` begins one; one that begins otherwise is read like any other event
MOST_BATCHES = 1001  # odd, so that every second of them is the first, the last and what lies evenly between
MOST_REASON = 1000  # letters


def place(event: Started | Batch | NewLearningRate) -> tuple[int, int]:
    """Where in the training an event happened: its epoch, and the batches of it that were done."""
    return event["epoch"], event["step"]


def reason_of(event: Event) -> str:
    """Why a run has the status that this event gives it, in a sentence, or nothing."""
    return str(event.get("reason", ""))[:MOST_REASON]


class Folding:
    """A run's events so far. It takes the lines of its file in order and in any portions; not thread-safe.

    Damaged lines are passed over. `status` and `reason` are those of the run; `started` its last start, or None.
    """

    def __init__(self) -> None:
        self.status, self.reason = "queued", ""
        self.started: Started | None = None
        self._epochs: dict[int, Epoch] = {}
        self._rates: list[NewLearningRate] = []
        self._batches: list[Batch] = []
        self._stride = 1  # of so many batches one is kept
        self._passed = 0  # batches since the one that was kept last
        self._skipped: list[bytes] = []  # their lines, of this portion, after the last one that was parsed
        self._last: Batch | None = None
        # Batches that another event came after. Training goes on from one of the last of them, which is then the last.
        self._ends: deque[Batch] = deque(maxlen=8)

    @property
    def batches(self) -> tuple[Batch, ...]:
        """The batches that are kept, in order: the first, the last, and evenly spread ones between."""
        kept = tuple(self._batches)
        return kept if self._last is None or (kept and kept[-1] is self._last) else (*kept, self._last)

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """All epochs that are done, in order."""
        return tuple(self._epochs[number] for number in sorted(self._epochs))

    @property
    def learning_rates(self) -> tuple[NewLearningRate, ...]:
        """The learning rates that were chosen while it trained, in order."""
        return tuple(self._rates)

    def add(self, lines: Iterable[bytes]) -> None:
        """Take the next lines, without their ends."""
        for line in lines:
            if line.startswith(BATCH):
                if self._batches and self._passed + 1 < self._stride:
                    self._passed += 1
                    self._skipped.append(line)
                elif (event := events.read(line)) is not None:
                    self._take(event)
            elif line and (event := events.read(line)) is not None:
                self._take(event)
        self._find_last()

    def _take(self, event: Event) -> None:
        if event["type"] == "batch":
            self._add_batch(event)
        else:
            self._find_last()
            if self._last is not None and (not self._ends or self._ends[-1] is not self._last):
                self._ends.append(self._last)
            if event["type"] == "epoch":
                self._epochs[event["epoch"]] = event
            elif event["type"] == "learning_rate":
                # Chosen while batches were done again, it replaces what was chosen at or after them before.
                self._rates = [rate for rate in self._rates if place(rate) < place(event)] + [event]
            elif event["type"] == "started":
                self._go_back(event)
        self._tell(event)

    def _tell(self, event: Event) -> None:
        self.status = STATUS_AFTER[event["type"]]
        self.reason = reason_of(event)

    def _add_batch(self, event: Batch) -> None:
        self._skipped.clear()
        self._last = event
        self._passed += 1
        if self._batches and self._passed < self._stride:  # one that begins otherwise
            return
        # All have the same keys, in memory once: half of what a batch takes.
        self._last = cast(Batch, {sys.intern(key): value for key, value in event.items()})
        self._batches.append(self._last)
        self._passed = 0
        if len(self._batches) == MOST_BATCHES:
            self._batches = self._batches[::2]
            self._stride *= 2

    def _find_last(self) -> None:
        """Parse the last of the batches that were skipped."""
        while self._skipped:
            event = events.read(self._skipped.pop())
            if event is not None and event["type"] == "batch":
                self._skipped.clear()
                self._last = event
                self._tell(event)

    def _go_back(self, event: Started) -> None:
        """A run continued from its last saved state does the batches after it again."""
        self.started = event
        self._epochs = {number: epoch for number, epoch in self._epochs.items() if number < event["epoch"]}
        self._batches = [batch for batch in self._batches if place(batch) <= place(event)]
        kept = [batch for batch in self._ends if place(batch) <= place(event)]
        self._ends = deque(kept, maxlen=self._ends.maxlen)
        if self._last is not None and place(self._last) > place(event):
            self._last = max((*self._batches[-1:], *self._ends), key=place, default=None)
            self._passed = 0
        if not self._batches:
            self._stride = 1
