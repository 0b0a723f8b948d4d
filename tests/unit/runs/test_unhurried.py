"""Work through many folders rests as long as it works."""

from types import SimpleNamespace

import pytest

from cnn_core.runs import unhurried


def test_it_rests_after_every_few_as_long_as_they_took(monkeypatch: pytest.MonkeyPatch) -> None:
    now, rests = [100.0], []

    def sleep(seconds: float) -> None:
        rests.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(unhurried, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    seen = []
    for item in unhurried.unhurried(range(2 * unhurried.BETWEEN_RESTS + 3)):
        now[0] += 0.5 if item < unhurried.BETWEEN_RESTS else 0.25
        seen.append(item)
    assert seen == list(range(43))
    assert rests == [10.0, 5.0]
