"""What came out of an experiment, from scores made of numbers."""

import pytest

from cnn_core.series.outcomes import Outcome, Score, difference, gains, ranked


def outcome(label: str, *accuracies: float, at: float | None = None) -> Outcome:
    return Outcome(label, tuple(Score(seed, one, 1000) for seed, one in enumerate(accuracies)), at)


def test_the_best_comes_first_and_what_has_no_score_is_left_out() -> None:
    a, b, c = outcome("a", 0.9, 0.8), outcome("b", 0.86, 0.9), outcome("c")
    assert [one.label for one in ranked([a, b, c])] == ["b", "a"]
    assert a.mean == pytest.approx(0.85)
    found = difference(a, b)
    assert found is not None
    assert found.value == pytest.approx(0.03)
    assert not found.excludes_zero


def test_one_seed_has_the_interval_of_its_test_images_within_0_and_1() -> None:
    assert outcome("a", 1.0).interval.high == 1.0
    assert outcome("a", 0.9).interval.low == pytest.approx(0.8799, abs=1e-4)
    assert outcome("a", 0.0, 1.0).interval.low == 0.0


def test_ten_times_as_many_bring_what_the_step_between_two_amounts_says() -> None:
    found = gains(
        [outcome("1,000", 0.9, at=1000), outcome("10", 0.4, at=10), outcome("all", 0.95, at=10_000)]
    )
    assert [(g.first.label, g.second.label) for g in found] == [("10", "1,000"), ("1,000", "all")]
    assert [g.tenfold for g in found] == pytest.approx([0.25, 0.05])
