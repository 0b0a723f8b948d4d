"""The line: whose turn it is, worked out by hand and against a model of it, and how many get into it."""

import threading
import time
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cnn_core.limits import LimitReached, Limits
from cnn_core.runs import records
from cnn_core.runs.line import Job, Line
from cnn_core.runs.places import Place

MANY = Limits(queue_per_visitor=100, queue_per_address=100, queue=100)


def job(name: str, address: str | None = None, looked: float | None = None) -> Job:
    """The job `name`, whose first letter is its owner."""
    path = Path(name)
    place = Place(name[0], address)
    return Job(path, place, records.lock(path), looked=time.monotonic() if looked is None else looked)


def line_of(*names: str) -> Line:
    line = Line()
    for name in names:
        line.add(job(name))
    return line


def order(line: Line) -> list[str]:
    """Those that wait, the next one first, as their positions say."""
    at = {line.position(job.id): job.id for job in line.jobs() if job.slot is None}
    assert sorted(at) == list(range(1, len(at) + 1))
    return [at[position] for position in sorted(at)]


def serve(line: Line, slot: int = 0) -> str:
    """Let the next one train to its end."""
    taken = line.take(slot)
    assert taken is not None
    line.remove(taken)
    return taken.id


def test_a_second_run_waits_behind_everybodys_first() -> None:
    line = line_of("a1", "a2", "a3", "b1", "b2", "c1")
    assert order(line) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert [serve(line) for _ in range(6)] == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_whose_first_run_trains_has_no_advantage_of_it() -> None:
    line = line_of("a1", "a2")
    taken = line.take(0)
    assert taken is not None
    line.add(job("b1"))
    line.add(job("c1"))
    assert order(line) == ["b1", "c1", "a2"]
    line.remove(taken)  # a2 is its owner's first now, but b1 and c1 were told that they are before it
    assert order(line) == ["b1", "c1", "a2"]


def test_no_second_run_waits_for_ever_while_first_ones_keep_coming() -> None:
    line = line_of("a1", "a2", "b1")
    assert serve(line) == "a1"
    for name in ("c1", "d1", "e1"):
        line.add(job(name))
    assert [serve(line), serve(line)] == ["b1", "a2"]


def test_who_is_before_a_run_trains_or_has_its_turn_sooner() -> None:
    line = line_of("a1", "a2", "b1")
    assert line.before("b1") == ([], ["a1"])
    assert line.take(0) is not None
    assert line.before("a2") == (["a1"], ["b1"])
    assert line.before("b1") == (["a1"], [])
    assert line.before("elsewhere") == (["a1"], ["b1", "a2"])


def test_who_comes_as_forty_visitors_from_one_address_is_one_of_two() -> None:
    line = Line()
    for owner in "abcd":
        line.add(job(f"{owner}1", address="near"))
    trains = line.take(0)
    assert trains is not None
    assert trains.id == "a1"
    for name, address in (("x1", "far"), ("y1", "far"), ("z1", None)):
        line.add(job(name, address))
    assert order(line) == ["x1", "z1", "b1", "y1", "c1", "d1"]
    line.remove(trains)
    assert order(line) == ["x1", "z1", "b1", "y1", "c1", "d1"]  # nobody's place got worse
    assert [serve(line) for _ in range(6)] == ["x1", "z1", "b1", "y1", "c1", "d1"]


def test_the_many_of_one_address_do_not_wait_for_ever_while_others_keep_coming() -> None:
    line = Line()
    for owner in "abc":
        line.add(job(f"{owner}1", address="school"))
    served = []
    for number, owner in enumerate("uvwxyz"):
        line.add(job(f"{owner}1", address=f"home {number}"))
        served.append(serve(line))
    assert served == ["a1", "u1", "b1", "v1", "w1", "c1"]


def test_who_leaves_gives_its_place_to_the_owners_next() -> None:
    line = line_of("a1", "b1", "a2", "b2", "a3")
    left = line.end("a1", {"do": "stop"})
    assert left is not None
    assert left.id == "a1"
    assert order(line) == ["a2", "b1", "a3", "b2"]  # each stands where the one before it stood
    line.end("b2", {"do": "stop"})
    assert order(line) == ["a2", "b1", "a3"]


def test_of_one_visitor_one_run_trains_though_there_are_more_slots() -> None:
    line = line_of("a1", "a2", "a3")
    first = line.take(0)
    assert first is not None
    assert line.take(1) is None
    line.add(job("b1"))
    other = line.take(1)
    assert other is not None
    assert (first.id, other.id) == ("a1", "b1")
    assert line.position("a2") == 1
    line.remove(first)
    again = line.take(0)
    assert again is not None
    assert again.id == "a2"


def test_a_run_whose_worker_could_not_be_started_keeps_its_place() -> None:
    line = line_of("a1", "b1", "a2")
    first = line.take(0)
    assert first is not None
    line.not_started(first)
    assert order(line) == ["a1", "b1", "a2"]
    assert line.take(0) is None  # too early to try again, and nobody overtakes
    first.launching.at = 0
    assert line.take(0) is first


def test_the_runs_from_one_address_leave_of_the_disk_what_somebody_from_elsewhere_needs() -> None:
    most, line = Limits(queue_per_visitor=9, disk_mb=900, visitor_mb=900), Line()

    def admit(owner: str, address: str | None, megabytes: int) -> None:
        line.admit(Place(owner, address, megabytes * 1_000_000), most, idle_seconds=10)

    admit("a", "near", 200)
    admit("b", "near", 100)
    with pytest.raises(
        LimitReached, match="your network that train or wait may take up to 300 MB of the 300 MB"
    ):
        admit("c", "near", 1)
    admit("d", "far", 400)  # alone a run is as large as a run may be
    with pytest.raises(LimitReached, match="your network"):
        admit("e", "far", 1)
    admit("f", None, 200)  # whose address is not known has none in common


def admitted(line: Line, name: str, most: Limits, address: str | None = None) -> Job | None:
    """Let a job in; who had to make room for it."""
    new = job(name, address)
    gone = line.admit(new.place, most, idle_seconds=10)
    line.add(new)
    return gone


def test_each_limit_refuses_the_next_one_and_says_what_to_do() -> None:
    line = Line()
    most = Limits(queue_per_visitor=2, queue_per_address=3, queue=4)
    assert [admitted(line, name, most, "x") for name in ("a1", "a2", "b1")] == [None] * 3
    with pytest.raises(LimitReached, match=r"already have 2 runs .* Stop one"):
        admitted(line, "a3", most, "y")
    with pytest.raises(LimitReached, match=r"3 runs from your network .* Try again"):
        admitted(line, "c1", most, "x")
    assert admitted(line, "c1", most, None) is None  # whose address is not known has none in common
    with pytest.raises(LimitReached, match=r"The queue is full: 4 runs train or wait. Try again"):
        admitted(line, "d1", most, "y")
    serve(line)
    assert admitted(line, "d1", most, "y") is None
    with pytest.raises(LimitReached, match="This server only shows"):
        admitted(line, "e1", Limits(training="off"))
    assert len(line) == 4


def test_a_place_that_is_kept_counts_until_it_is_given_back() -> None:
    line, most = Line(), Limits(queue_per_visitor=1)
    place = Place("a")
    line.admit(place, most, idle_seconds=10)
    with pytest.raises(LimitReached):
        line.admit(Place("a"), most, idle_seconds=10)
    line.withdraw(place)
    line.withdraw(place)  # as after `add` took it
    assert admitted(line, "a1", most) is None
    # One that has ended, and whose worker is on its way out, is not counted.
    line.admit(Place("a"), most, idle_seconds=10, over=["a1"])


def test_of_those_that_wait_who_was_looked_at_longest_ago_makes_room_where_the_queue_is_full() -> None:
    line, most, now = Line(), Limits(queue=4), time.monotonic()
    for name, ago in (("a1", 100), ("b1", 20), ("c1", 50), ("d1", 5)):
        line.add(job(name, looked=now - ago))
    training = line.take(0)
    assert training is not None
    gone = admitted(line, "e1", most)
    assert gone is not None
    assert (training.id, gone.id) == ("a1", "c1")
    gone = admitted(line, "f1", most)
    assert gone is not None
    assert gone.id == "b1"
    with pytest.raises(LimitReached):  # the others were looked at lately
        admitted(line, "g1", most)
    assert order(line) == ["d1", "e1", "f1"]


def test_only_who_is_counted_makes_room_and_never_a_run_of_ones_own() -> None:
    line, most, old = Line(), Limits(queue_per_visitor=1, queue_per_address=2), time.monotonic() - 100
    for name, address in (("t1", "z"), ("a1", "x"), ("b1", "y"), ("c1", "x")):
        line.add(job(name, address, looked=old))
    assert line.take(0) is not None
    with pytest.raises(LimitReached, match="already have a run"):
        admitted(line, "b2", most, "y")
    gone = admitted(line, "d1", most, "x")
    assert gone is not None
    assert gone.place.address == "x"
    assert order(line) == ["b1", "c1", "d1"]


def test_of_hundred_who_ask_at_once_as_many_get_in_as_there_are_places() -> None:
    line, most = Line(), Limits(queue_per_visitor=2, queue_per_address=100, queue=10)
    together, refused = threading.Barrier(100), []

    def ask(number: int) -> None:
        new = Job(Path(str(number)), Place(str(number % 20)), records.lock(Path(str(number))))
        together.wait(30)
        try:
            line.admit(new.place, most, idle_seconds=10)
        except LimitReached as error:
            refused.append(error)
        else:
            line.add(new)
            line.withdraw(new.place)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(line), len(refused)) == (10, 90)
    owners = [job.owner for job in line.jobs()]
    assert max(owners.count(owner) for owner in owners) <= 2


def test_however_often_somebody_asks_a_worker_is_sent_each_kind_once() -> None:
    line = line_of("a1")
    taken = line.take(0)
    assert taken is not None
    for number in range(1000):
        line.ask("a1", {"do": "learning_rate", "value": 0.001 * number})
        line.end("a1", {"do": "pause"})
        line.end("a1", {"do": "stop"})
    assert taken.outbox == [{"do": "learning_rate", "value": 0.999}, {"do": "pause"}, {"do": "stop"}]
    line.sent(taken, taken.outbox[0])
    assert [command["do"] for command in taken.outbox] == ["pause", "stop"]


class AnyLine(RuleBasedStateMachine):
    """Runs come, train, fail to start, end and leave in any order; what is promised holds after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.made = 0
        self.firsts: dict[str, int] = {}  # where the first runs of their owners stood before

    @rule(owner=st.sampled_from("abcd"))
    def comes(self, owner: str) -> None:
        self.made += 1
        self.line.add(job(f"{owner}{self.made}"))

    @rule(slot=st.integers(0, 2))
    def is_taken(self, slot: int) -> None:
        waiting = order(self.line)
        taken = self.line.take(slot)
        training = [job for job in self.line.jobs() if job.slot is not None and job is not taken]
        eligible = [name for name in waiting if name[0] not in {job.owner for job in training}]
        free = slot not in [job.slot for job in training]
        assert (taken.id if taken else None) == (eligible[0] if eligible and free else None)

    @precondition(lambda self: len(self.line))
    @rule(data=st.data())
    def ends_or_leaves(self, data: st.DataObject) -> None:
        self.line.remove(data.draw(st.sampled_from(self.line.jobs())))

    @precondition(lambda self: any(job.slot is not None for job in self.line.jobs()))
    @rule(data=st.data())
    def is_not_started(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from([job for job in self.line.jobs() if job.slot is not None]))
        self.line.not_started(chosen)
        chosen.launching.at = 0.0
        self.firsts = {}  # it comes back to where it was, before others

    @invariant()
    def holds(self) -> None:
        jobs, waiting = self.line.jobs(), order(self.line)
        owners = [job.owner for job in jobs if job.slot is not None]
        assert len(owners) == len(set(owners)), "one of each visitor trains"
        ranks, seen = {}, dict.fromkeys("abcd", 0)
        for one in jobs:
            ranks[one.id] = seen[one.owner]
            seen[one.owner] += 1
        assert [ranks[name] for name in waiting] == sorted(ranks[name] for name in waiting)
        firsts = {name: place for place, name in enumerate(waiting) if ranks[name] == 0}
        for name, place in firsts.items():
            assert place <= self.firsts.get(name, place), "who was told a place gets no worse one"
        self.firsts = firsts


TestAnyLine = AnyLine.TestCase
TestAnyLine.settings = settings(deadline=None, derandomize=True, max_examples=40, stateful_step_count=40)
