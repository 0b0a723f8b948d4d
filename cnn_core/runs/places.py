"""Places in the queue: who has one, and whether there is one more."""

from collections.abc import Collection
from dataclasses import dataclass

from cnn_core.files import megabytes
from cnn_core.limits import SHOWS_ONLY, LimitReached, Limits
from cnn_core.runs.space import Used


@dataclass(eq=False)
class Place:
    """One place in the queue.

    `owner` is whose run has it, `address` where it was asked for, if that is known, `bytes` the most that the run will
    take of the disk.
    """

    owner: str
    address: str | None = None
    bytes: int = 0


# Of the disk for all runs, what those from one address that wait or train may come to: with the half that kept ones may
# take, somebody from elsewhere still finds room.
NEAR_SHARE = 3


class DiskReached(LimitReached):
    """The runs of one visitor, or all, would take more of the disk than they may; `everybody` says which."""

    def __init__(self, sentence: str, everybody: bool) -> None:
        super().__init__(sentence)
        self.everybody = everybody


NOTHING = Used()


def refusal(
    place: Place, taken: Collection[Place], most: Limits, used: Used = NOTHING
) -> LimitReached | None:
    """Why there is no place beside those that are taken; None where there is one.

    `used` is what runs that are not in the queue take of the disk.
    """
    if not most.trains:
        return LimitReached(SHOWS_ONLY)
    own = sum(other.owner == place.owner for other in taken)
    if own >= most.queue_per_visitor:
        have = "a run" if own == 1 else f"{own} runs"
        return LimitReached(
            f"You already have {have} in training or waiting, the most that one visitor may have here. Stop one, or"
            " wait until one has ended."
        )
    near = sum(other.address == place.address for other in taken if other.address is not None)
    if near >= most.queue_per_address:
        return LimitReached(
            f"{near} runs from your network train or wait, the most that this server takes from one. Try again when"
            " one of them has ended."
        )
    if len(taken) >= most.queue:
        return LimitReached(
            f"The queue is full: {len(taken)} runs train or wait. Try again when some of them have ended."
        )
    return _disk_refusal(place, taken, most, used)


def _disk_refusal(place: Place, taken: Collection[Place], most: Limits, used: Used) -> DiskReached | None:
    own = used.own + sum(other.bytes for other in taken if other.owner == place.owner)
    if own + place.bytes > most.visitor_bytes:
        return DiskReached(
            f"Your runs take {megabytes(own)} of the {megabytes(most.visitor_bytes)} of disk that a visitor may have"
            f" here, and this one would need up to {megabytes(place.bytes)}. Delete some of your runs, or take a"
            " smaller network.",
            everybody=False,
        )
    near = sum(other.bytes for other in taken if other.address is not None and other.address == place.address)
    if near and near + place.bytes > most.disk_bytes // NEAR_SHARE:
        return DiskReached(
            f"The runs from your network that train or wait may take up to {megabytes(near)} of the"
            f" {megabytes(most.disk_bytes // NEAR_SHARE)} of disk that are for one network. Try again when one of them"
            " has ended.",
            everybody=False,
        )
    everybody = used.everybody + sum(other.bytes for other in taken)
    if everybody + place.bytes > most.disk_bytes:
        return DiskReached(
            f"All runs on this server take {megabytes(everybody)} of the {megabytes(most.disk_bytes)} of disk that"
            " they may. The oldest that nobody keeps make room now: try again in a minute.",
            everybody=True,
        )
    return None
