"""A training whose worker and server are killed goes on; fifty times: `python -m benchmarks.kills`."""

import os
import random
import signal

import pytest

from benchmarks import kills, serving
from benchmarks.kills import Kill


@pytest.mark.skipif(os.name == "nt", reason="there a process can be ended, but not asked to end")
def test_a_run_goes_on_to_the_scores_of_an_undisturbed_one_whoever_is_killed_and_when(tmp_path):
    planned = [
        Kill("worker", signal.SIGKILL, "batch"),
        Kill("worker", signal.SIGTERM, "start"),
        Kill("server", signal.SIGKILL, "writing"),
        Kill("both", signal.SIGTERM, "pausing"),
    ]
    site, rows = kills.Site(tmp_path), []
    try:
        assert kills.endure(site, planned, random.Random(0), rows.append) >= 1
    finally:
        serving.end(site.process)
    assert len(rows) == 1 + len(planned)


def test_a_series_of_kills_has_each_of_its_kinds_before_one_comes_again():
    series = list(kills.kills(50, random.Random(1)))
    assert len(series) == 50
    assert len(set(series[:24])) == len(set(series[24:48])) == 24
    assert series == list(kills.kills(50, random.Random(1)))
    assert series != list(kills.kills(50, random.Random(2)))
