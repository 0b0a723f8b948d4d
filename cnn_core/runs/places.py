"""Places in the queue: who has one, and whether there is one more."""

from collections.abc import Collection
from dataclasses import dataclass

from cnn_core.limits import LimitReached, Limits

SHOWS_ONLY = (
    "Nobody trains on this server: it only shows. To train a network, run ConvLens on your own computer."
)


@dataclass(eq=False)
class Place:
    """One place in the queue: `owner` is whose run has it, `address` where it was asked for, if that is known."""

    owner: str
    address: str | None = None


def refusal(place: Place, taken: Collection[Place], most: Limits) -> LimitReached | None:
    """Why there is no place beside those that are taken; None where there is one."""
    if not most.trains:
        return LimitReached(SHOWS_ONLY)
    own = sum(other.owner == place.owner for other in taken)
    if own >= most.queue_per_visitor:
        have = "a run" if own == 1 else f"{own} runs"
        return LimitReached(
            f"You already have {have} in training or waiting, and more than that one visitor may not have here."
            " Stop one, or wait until one has ended."
        )
    near = sum(other.address == place.address for other in taken if other.address is not None)
    if near >= most.queue_per_address:
        return LimitReached(
            f"{near} runs that were started from your network train or wait, and more this server does not take from"
            " one. Try again when one of them has ended."
        )
    if len(taken) >= most.queue:
        return LimitReached(
            f"The queue is full: {len(taken)} runs train or wait. Try again when some of them have ended."
        )
    return None
