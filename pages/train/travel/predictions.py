"""What is asked before the journey: when the network of this run began to know something."""

from cnn_core.runs.moments import Moment
from pages.train.travel.answers import Journey
from pages.train.travel.keys import Key
from pages.ui.predict import Choice, Question, digest
from pages.ui.words import count, percent

HALF = 0.5
NEVER = "Never"
EARLY = (5, 50)  # batches, up to which a band goes
LATER = "Later in epoch 1"


def half_question(now: Journey) -> Question:
    """At which of the kept moments more than half of the test images are right for the first time."""
    passed = next((k for k, one in enumerate(now.judged) if one.accuracy > HALF), None)
    last = now.judged[-1]
    chance = 1 / len(last.matrix)
    right = NEVER if passed is None else _band(now.moments[passed])
    reason = (
        f"It never is: {percent(last.accuracy)} at the last moment, and guessing gives {percent(chance, 0)}."
        if passed is None
        else f"{percent(now.judged[passed].accuracy)} {now.moments[passed].words}"
        + (
            f", {percent(now.judged[passed - 1].accuracy)} {now.moments[passed - 1].words}, the moment kept before."
            if passed
            else ", the first moment that is kept."
        )
    )
    return Question(
        f"{Key.GUESS}-half-{digest(now.run.id, now.at)}",
        f"Guessing among {len(last.matrix)} classes is right in {percent(chance, 0)}. When is the network first right "
        f"in more than {percent(HALF, 0)} of {count(now.images, 'test image')}?",
        Choice(_bands(now), right),
        reason,
    )


def _band(moment: Moment) -> str:
    if moment.epoch:
        return "After epoch 1" if moment.epoch == 1 else "Only in a later epoch"
    return next((_within(most) for most in EARLY if moment.step <= most), LATER)


def _within(batches: int) -> str:
    return f"Within {batches} batches"


def _bands(now: Journey) -> tuple[str, ...]:
    """The bands that this run's moments lie in, in their order."""
    return (*dict.fromkeys(_band(one) for one in now.moments), NEVER)
