"""What reaches a training between two batches: the queue's commands, and the system's wish that its process ends."""

import queue
import signal

from cnn_core.runs.events import Command, Hangup, Message

# Asked of a process by a system that stops or a terminal that closes; not all are everywhere.
ENDING_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")


class Inbox:
    """Commands for `execution.execute`, put there by any thread or signal handler; calling it takes the next."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Message] = queue.SimpleQueue()  # its `put` may interrupt itself

    def put(self, message: Message) -> None:
        """Add a message."""
        self._queue.put(message)

    def wait(self) -> Message:
        """The next message, once there is one."""
        return self._queue.get()

    def __call__(self) -> Command | None:
        """The next command; None where there is none."""
        try:
            message = self._queue.get_nowait()
        except queue.Empty:
            return None
        return None if message["do"] == "train" else message

    def hang_up_on_signals(self) -> None:
        """Save and end where this process is asked to end, instead of dying at once. For the main thread only."""
        for name in ENDING_SIGNALS:
            number = getattr(signal, name, None)
            if number is None or (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
                continue  # started under `nohup`: a terminal that closes is none of its business
            signal.signal(number, lambda received, _frame: self.put(_hang_up(received)))


def _hang_up(received: int) -> Hangup:
    name = signal.Signals(received).name
    return {
        "do": "hangup",
        "reason": f"The training process was asked to end ({name}). Nothing is lost: resume it to go on.",
    }
