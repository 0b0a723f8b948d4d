"""The training process: `python -m cnn_core.worker` imports torch, waits for a run's path, trains it and ends.

It reads one JSON object a line from standard input: `{"do": "train", "run": path}` first, then the commands of
`execution.execute`. The end of input means that the server is gone: the run is saved and left to be resumed, as where
the system asks the process to end.
"""

import os
import sys
import threading
import traceback
from pathlib import Path

from cnn_core.runs import events, records
from cnn_core.runs.inbox import Inbox

NICENESS = 10


def _listen(inbox: Inbox) -> None:
    for line in sys.stdin.buffer:
        if (message := events.read_message(line)) is not None:
            inbox.put(message)
    inbox.put({"do": "hangup"})


def warm_up() -> None:
    """Train two batches of the built-in digits, so that a run does not pay for torch's set-up."""
    from cnn_core.data import datasets
    from cnn_core.networks.presets import PRESETS
    from cnn_core.training.settings import TrainSettings
    from cnn_core.training.trainer import Trainer

    settings = TrainSettings(dataset="digits", train_limit=256, epochs=1)
    for _ in Trainer(PRESETS["mnist-3conv"].architecture(), settings, datasets.load("digits")).steps():
        pass


def train(path: Path, inbox: Inbox) -> int:
    """Train the run in `path`; 0 once its end is written down, else the number of the error that kept it from that."""
    from cnn_core.runs.execution import execute

    try:
        execute(path, inbox)
    except OSError as error:  # a disk that takes nothing, most likely: the queue says so, once it can
        traceback.print_exc()
        return error.errno or 1
    return 0


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
    return train(path, inbox)


if __name__ == "__main__":
    sys.stdout.flush()
    status = main()
    # Interpreter and thread-pool shutdown add nothing once the end is on disk, and the slot is waited for.
    sys.stderr.flush()
    os._exit(status)
