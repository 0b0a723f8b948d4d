"""The last that were asked for stay."""

from pathlib import Path

from cnn_core.runs.recent import Recent

A, B, C = Path("a"), Path("b"), Path("c")


def test_those_that_were_asked_for_last_stay() -> None:
    known: Recent[list[int]] = Recent(2)
    first = known.put(A, [1])
    known.put(B, [2])
    assert known.get(A) is first
    known.put(C, [3])
    assert [known.get(path) for path in (A, B, C)] == [[1], None, [3]]
    assert len(known) == 2


def test_the_first_of_two_who_bring_a_value_wins() -> None:
    known: Recent[list[int]] = Recent(2)
    first = known.setdefault(A, [1])
    assert known.setdefault(A, [2]) is first


def test_only_the_value_that_is_meant_is_forgotten() -> None:
    known: Recent[list[int]] = Recent(2)
    old, new = known.put(A, [1]), known.put(A, [1])
    known.forget(A, old)
    assert known.get(A) is new
    known.forget(A, new)
    assert known.get(A) is None
