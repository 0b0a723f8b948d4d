"""Which epochs' weights a run keeps, and that its folder never holds more than was said before it began."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import files
from cnn_core.limits import Limits
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import kept_weights, records
from cnn_core.runs.allowed import Allowed
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings


@pytest.mark.parametrize(
    ("done", "best", "most", "expected"),
    [
        (0, 0, 12, set()),
        (1, 0, 12, {0}),
        (5, 2, 12, {0, 1, 2, 3, 4}),
        (20, 13, 12, {0, 2, 4, 6, 8, 10, 12, 13, 14, 16, 18, 19}),
        (21, 13, 12, {0, 4, 8, 12, 13, 16, 20}),
        (200, 150, 12, {0, 32, 64, 96, 128, 150, 160, 192, 199}),
        (200, 150, 3, {0, 150, 199}),
        (200, 150, 2, {150, 199}),
        (200, 150, 1, {150}),
    ],
)
def test_first_best_last_and_a_spaced_few(done: int, best: int, most: int, expected: set[int]) -> None:
    assert kept_weights.kept(done, best, most) == expected


@given(st.lists(st.booleans(), min_size=1, max_size=200), st.integers(1, 12))
def test_none_is_wanted_again_and_never_more_than_most(betters: list[bool], most: int) -> None:
    there: set[int] = set()
    best = 0
    for epoch, better in enumerate(betters):
        best = epoch if better else best
        there.add(epoch)
        wanted = kept_weights.kept(epoch + 1, best, most)
        assert wanted <= there
        assert len(wanted) <= most
        assert best in wanted
        assert most < 2 or epoch in wanted
        assert most < 3 or 0 in wanted
        there = wanted


def test_the_largest_network_that_is_allowed_can_train_with_adam() -> None:
    limits = Limits()
    network = Architecture((1, 28, 28), (Flatten(), Linear(4096), Linear(1650), Linear(10)), 10)
    assert 0.99 * limits.parameters < network.parameters <= limits.parameters
    assert kept_weights.most_epochs(network, TrainSettings(), limits.run_bytes) >= 1


def test_a_small_disk_keeps_fewer_and_none_where_not_one_fits() -> None:
    network = Architecture((1, 28, 28), (Flatten(), Linear(1000), Linear(10)), 10)  # 795,010 parameters
    weights = 4 * 795_010 + 20_000
    settings = TrainSettings(epochs=50)
    one = 3 * weights + 2 * 3 * weights + 8_000_000
    assert kept_weights.run_bytes(network, settings, 1) == one
    assert kept_weights.most_epochs(network, settings, one - 1) == 0
    assert kept_weights.most_epochs(network, settings, one) == 1
    assert kept_weights.most_epochs(network, settings, one + 3 * weights) == 4
    assert kept_weights.most_epochs(network, settings, 10**12) == 12
    assert kept_weights.most_epochs(network, TrainSettings(epochs=3), 10**12) == 3


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_run_never_holds_more_than_was_said(optimizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = shorthand.from_text("flatten-linear400-relu-linear10")
    network = Architecture((1, 28, 28), layers, 10)
    settings = TrainSettings(
        dataset="digits", epochs=8, device="cpu", train_limit=60, optimizer=optimizer, learning_rate=0.01
    )
    megabytes = math.ceil(kept_weights.run_bytes(network, settings, 3) / 1e6)
    most = kept_weights.most_epochs(network, settings, megabytes * 1_000_000)
    assert 3 <= most < 5
    path = records.create(network, settings)
    sizes: list[int] = []
    real = files.write_tensors

    def weighed(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        state = path / records.RESUME
        # While the saved state is replaced, both are there.
        before = state.stat().st_size if arguments[0] == state else 0
        sizes.append(before + sum(file.stat().st_size for file in path.rglob("*") if file.is_file()))

    monkeypatch.setattr(files, "write_tensors", weighed)
    run = execute(path, allowed=Allowed(megabytes=megabytes))
    assert run.status == "finished"
    assert max(sizes) + kept_weights.OTHER_BYTES <= megabytes * 1_000_000 + sizes[0]
    assert max(sizes) <= kept_weights.run_bytes(network, settings, most)
    kept = sorted(int(file.stem) - 1 for file in (path / records.EPOCHS).iterdir())
    best = max(epoch["epoch"] for epoch in run.epochs if epoch["best"])
    assert kept == sorted(kept_weights.kept(8, best, most))
