"""Events of a training as it tells them, made up by a seed: paused, killed, resumed from what it had saved."""

import random

from cnn_core.runs.events import Batch, Epoch, Event, Started


def batch(epoch: int, step: int, loss: float = 1.0) -> Batch:
    """Batches that ended with `step` of `epoch`."""
    return {
        "type": "batch",
        "epoch": epoch,
        "step": step,
        "loss": loss,
        "accuracy": 0.5,
        "images_per_second": 1000.0,
        "learning_rate": 0.01,
    }


def epoch(number: int) -> Epoch:
    """The end of an epoch."""
    return {
        "type": "epoch",
        "epoch": number,
        "loss": 1.0,
        "accuracy": 0.5,
        "validation_loss": None,
        "validation_accuracy": None,
        "seconds": 1.0,
        "best": True,
    }


def started(at: int, step: int, steps: int) -> Started:
    """A start from batch `step` of epoch `at`."""
    return {"type": "started", "epoch": at, "step": step, "steps_per_epoch": steps, "images": 100}


def training(seed: int, epochs: int, steps: int) -> list[Event]:
    """A whole training, cut short now and then: by a pause, which is saved, or by a kill, which is not."""
    random_ = random.Random(seed)
    told: list[Event] = [{"type": "queued"}]
    saved = (0, 0)
    number = 0
    while True:
        at, step = saved
        told.append(started(at, step, steps))
        while at < epochs:
            step += 1
            number += 1
            told.append(batch(at, step, loss=float(number)))
            chance = random_.random()
            if step == steps:
                told.append(epoch(at))
                at, step = at + 1, 0
                saved = (at, step)
            elif chance < 0.01:
                saved = (at, step)
                told += [{"type": "paused", "reason": ""}, {"type": "queued"}]
                break
            elif chance < 0.02:
                told.append({"type": "interrupted", "reason": "It was killed."})
                break
            elif chance < 0.03:
                told.append({"type": "learning_rate", "epoch": at, "step": step, "value": float(number)})
        else:
            told.append({"type": "finished", "accuracy": 0.5, "macro_f1": 0.5})
            return told
