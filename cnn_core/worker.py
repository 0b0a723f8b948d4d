"""The training process: `python -m cnn_core.worker` imports torch, waits for a run's path, trains it and ends.

It reads one JSON object a line from standard input: `{"do": "train", "run": path}` first, with what the run may take,
then the commands of `execution.execute`. The end of input means that the server is gone: the run is saved and left to
be resumed, as where the system asks the process to end.
"""

import os
import sys
import threading
import time
import traceback
from pathlib import Path

from cnn_core.limits import MEGABYTE
from cnn_core.runs import events, records, speed
from cnn_core.runs.allowed import NO_LIMITS, Allowed, heard
from cnn_core.runs.inbox import Inbox

NICENESS = 10
LOG_BYTES = 1_000_000
SECONDS_BETWEEN_LOOKS = 0.5  # at the log's size


def _listen(inbox: Inbox) -> None:
    for line in sys.stdin.buffer:
        if (message := events.read_message(line)) is not None:
            inbox.put(message)
    inbox.put({"do": "hangup"})


def warm_up() -> None:
    """Train two batches of the built-in digits, so that a run does not pay for torch's set-up.

    On a machine that has not trained yet, four more say how fast it is.
    """
    from cnn_core.data import datasets
    from cnn_core.networks.presets import PRESETS
    from cnn_core.training import estimate
    from cnn_core.training.settings import TrainSettings
    from cnn_core.training.trainer import Trainer

    settings = TrainSettings(dataset="digits", train_limit=256, epochs=3, validation_fraction=0.0)
    architecture, digits = PRESETS["mnist-3conv"].architecture(), datasets.load("digits")
    trainer = Trainer(architecture, settings, digits)
    for _ in trainer.steps():
        pass
    if speed.slowness().measured:
        return
    took: list[float] = []
    for _ in range(2):
        begun = time.perf_counter()
        for step in trainer.steps():
            float(step.loss)  # a GPU is waited for
        took.append(time.perf_counter() - begun)
    images = estimate.Images(len(digits.x_train), len(digits.x_test))
    expected = estimate.training_seconds(architecture, settings, images) / settings.epochs
    speed.note_first(expected, min(took))


def train(path: Path, inbox: Inbox, allowed: Allowed = NO_LIMITS) -> int:
    """Train the run in `path`; 0 once its end is written down, else the number of the error that kept it from that."""
    from cnn_core.runs.execution import execute

    try:
        execute(path, inbox, allowed=allowed)
    except OSError as error:  # a disk that takes nothing, most likely: the queue says so, once it can
        traceback.print_exc()
        return error.errno or 1
    return 0


def keep_short(log: int, most: int = LOG_BYTES) -> None:
    """Where the log open in `log` has more than `most` bytes, empty it; what is written later goes on from there."""
    if os.fstat(log).st_size > most:
        os.ftruncate(log, 0)
        os.write(log, b"(What stood here was more than a log may hold; it goes on.)\n")


def _keep_short(log: int) -> None:
    while True:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        keep_short(log)


def _no_larger_files(size: int) -> None:
    """Have the system refuse this process files of more bytes, whatever writes them; means nothing on Windows."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard)
    )


def main() -> int:
    """Do one run as standard input says and return the process's exit status."""
    inbox = Inbox()
    inbox.hang_up_on_signals()
    threading.Thread(target=_listen, args=(inbox,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # pages come first
    warm_up()
    first = inbox.wait()
    if first["do"] != "train":
        return 0
    path = Path(first["run"])
    log = os.open(path / records.LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    threading.Thread(target=_keep_short, args=(log,), daemon=True).start()
    allowed = heard(first)
    if allowed.megabytes is not None:
        _no_larger_files(allowed.megabytes * MEGABYTE)
    return train(path, inbox, allowed)


if __name__ == "__main__":
    sys.stdout.flush()
    status = main()
    # Interpreter and thread-pool shutdown add nothing once the end is on disk, and the slot is waited for.
    sys.stderr.flush()
    os._exit(status)
