"""What a run's events add up to is the same as if all of them were kept, for the numbers that a page shows exactly."""

import itertools
import random

import pytest

from cnn_core.runs import events, folding
from cnn_core.runs.events import Batch, Epoch, Event, NewLearningRate
from cnn_core.runs.folding import Folding, place
from tests.support.told import batch, started, training


class All:
    """The same with everything kept, as it reads in the plainest words."""

    def __init__(self, told: list[Event]) -> None:
        self.batches: list[Batch] = []
        self.epochs: dict[int, Epoch] = {}
        self.rates: list[NewLearningRate] = []
        for event in told:
            if event["type"] == "batch":
                self.batches.append(event)
            elif event["type"] == "epoch":
                self.epochs[event["epoch"]] = event
            elif event["type"] == "learning_rate":
                self.rates = [rate for rate in self.rates if place(rate) < place(event)] + [event]
            elif event["type"] == "started":
                self.batches = [batch for batch in self.batches if place(batch) <= place(event)]
                self.epochs = {n: epoch for n, epoch in self.epochs.items() if n < event["epoch"]}


def lines(told: list[Event]) -> list[bytes]:
    return [events.write(event).encode() for event in told]


def folded(told: list[bytes]) -> Folding:
    whole = Folding()
    whole.add(told)
    return whole


def same(one: Folding, other: Folding) -> bool:
    names = ("status", "reason", "started", "batches", "epochs", "learning_rates")
    return all(getattr(one, name) == getattr(other, name) for name in names)


@pytest.mark.parametrize("seed", range(40))
def test_the_first_and_the_last_batch_and_all_epochs_are_those_of_all_events_at_any_moment(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_BATCHES", 21)
    told = training(seed, epochs=6, steps=60)
    for end in random.Random(seed).sample(range(2, len(told)), 40):
        kept, everything = folded(lines(told[:end])), All(told[:end])
        assert kept.batches[:1] == tuple(everything.batches[:1])
        assert kept.batches[-1:] == tuple(everything.batches[-1:])
        assert len(kept.batches) <= 22
        assert all(batch in everything.batches for batch in kept.batches)
        assert [place(batch) for batch in kept.batches] == sorted({place(batch) for batch in kept.batches})
        assert kept.epochs == tuple(everything.epochs[number] for number in sorted(everything.epochs))
        assert kept.learning_rates == tuple(everything.rates)


@pytest.mark.parametrize("seed", range(20))
def test_it_does_not_matter_in_which_portions_the_lines_come(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_BATCHES", 21)
    told, random_ = lines(training(seed, epochs=4, steps=50)), random.Random(seed)
    for index in random_.sample(range(len(told)), 20):  # damaged ones among them
        told[index] = told[index][: random_.randrange(len(told[index]))]
    by_parts = Folding()
    start = 0
    while start < len(told):
        end = start + random_.randint(1, 30)
        by_parts.add(told[start:end])
        start = end
        assert same(by_parts, folded(told[:start]))
    assert by_parts.status == folded(told).status == "finished"


def test_a_thousand_evenly_spread_batches_are_kept_of_six_hours_and_few_are_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, parsed = events.read, []

    def counted(line: bytes) -> Event | None:
        parsed.append(line)
        return read(line)

    monkeypatch.setattr(events, "read", counted)
    told: list[Event] = [started(0, 0, 100_000), *(batch(0, step) for step in range(86_400))]
    kept = folded(lines(told)).batches
    assert 501 <= len(kept) <= 1002
    steps = [event["step"] for event in kept]
    assert (steps[0], steps[-1]) == (0, 86_399)
    assert {after - before for before, after in itertools.pairwise(steps[:-1])} == {128}
    # 1,001 at first, then 500 for each of seven doublings.
    assert len(parsed) <= 1001 + 7 * 500 + 2


def test_the_status_is_that_of_the_last_event_however_many_came_since_it_began() -> None:
    for told, status in {
        "queued": "queued",
        "started": "running",
        "batch": "running",
        "paused": "paused",
        "interrupted": "interrupted",
        "stopped": "stopped",
        "failed": "failed",
    }.items():
        event: Event = {"started": started(0, 0, 9), "batch": batch(0, 1)}.get(told, {"type": told})  # type: ignore[assignment]
        assert folded(lines([event])).status == status


def test_a_batch_whose_line_begins_otherwise_counts_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST_BATCHES", 5)
    told = lines([batch(0, step) for step in range(40)])
    spaced = [line.replace(b'{"type": "batch"', b'{ "type":"batch"') for line in told]
    assert folded(spaced).batches == folded(told).batches


def test_a_reason_of_any_length_is_cut() -> None:
    run = folded(lines([{"type": "failed", "reason": "a" * 5000}]))
    assert run.reason == "a" * folding.MOST_REASON
