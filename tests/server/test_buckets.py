"""A bucket of tokens."""

from server.buckets import Bucket


def test_a_burst_passes_and_then_the_rate_holds():
    now = [0.0]
    bucket = Bucket(rate=10, burst=5, clock=lambda: now[0])
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0, 0]
    assert bucket.take() == 0.1
    now[0] = 0.1  # waited as told
    assert bucket.take() == 0.1
    now[0] = 10
    assert bucket.is_full
    assert [bucket.take() for _ in range(6)] == [0, 0, 0, 0, 0, 0.1]


def test_what_costs_more_waits_longer():
    bucket = Bucket(rate=10, burst=5, clock=lambda: 0.0)
    assert bucket.take(4) == 0
    assert bucket.take(4) == 0.3
    assert not bucket.is_full
