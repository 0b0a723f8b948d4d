"""Runs are asked for by variants and seeds; every kind changes what it says, and nothing else."""

import pytest

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.series import KINDS, amount, change, depth
from cnn_core.series.base import Base, SeriesError, asked
from cnn_core.training.settings import TrainSettings

LINE = "conv8-bn-relu-pool2-conv16-relu-pool2-flatten-linear32-relu-linear10"
BASE = Base(
    Architecture((1, 28, 28), shorthand.from_text(LINE), 10),
    TrainSettings(dataset="digits", epochs=2, seed=5),
)


def test_each_seed_trains_all_variants_and_the_first_seed_is_the_base_s() -> None:
    variants = KINDS["amount"].variants(BASE, "", ["all", "10"])
    runs = asked(variants, 3)
    assert [(one.variant.label, one.seed) for one in runs[:3]] == [
        ("10 images", 5),
        ("all 1,298 images", 5),
        ("10 images", 6),
    ]
    assert len(runs) == 6
    with pytest.raises(SeriesError, match="seeds is 0; allowed is 1 to 10"):
        asked(variants, 0)


def test_few_images_get_the_epochs_that_make_as_many_steps() -> None:
    few, many, every = KINDS["amount"].variants(BASE, "", ["10", "1,000", "all"])
    assert (few.settings.train_limit, few.settings.epochs) == (10, 22)  # 2 epochs of 11 batches
    assert (many.settings.train_limit, many.settings.epochs) == (1000, 3)
    assert (every.settings.train_limit, every.settings.epochs) == (None, 2)
    assert [one.at for one in (few, many, every)] == [10, 1000, 1298]
    long = Base(BASE.architecture, TrainSettings(dataset="digits", epochs=20))
    assert amount.epochs(long, 10) == amount.MOST_EPOCHS


def test_one_change_keeps_all_else_and_layers_can_be_left_out() -> None:
    kind = KINDS["change"]
    before, after = kind.variants(BASE, "batch_size", ["32"])
    assert (before.label, after.label) == ("128 (as it is)", "32")
    assert before.settings == BASE.settings
    assert {
        name for name, value in after.settings.to_dict().items() if value != BASE.settings.to_dict()[name]
    } == {"batch_size"}
    with pytest.raises(SeriesError, match="Batch size is 128 already"):
        kind.variants(BASE, "batch_size", ["128"])
    assert "BatchNorm" in kind.offered(BASE, change.WITHOUT)
    assert "Flatten" not in kind.offered(BASE, change.WITHOUT)  # the network would not work
    _, without = kind.variants(BASE, change.WITHOUT, ["BatchNorm"])
    assert shorthand.to_text(without.architecture.layers) == LINE.replace("-bn", "")


def test_values_are_read_as_they_are_typed() -> None:
    kind = KINDS["values"]
    found = kind.variants(BASE, "learning_rate", ["0.1", "1e-3", "0.10"])
    assert [(one.label, one.at, one.settings.learning_rate) for one in found] == [
        ("0.001", 0.001, 0.001),
        ("0.1", 0.1, 0.1),
    ]
    rates = kind.variants(BASE, "dropout", ["0", "0.5"])
    assert rates[0].architecture == BASE.architecture
    assert shorthand.to_text(rates[1].architecture.layers).endswith("relu-dropout0.5-linear10")
    (double,) = kind.variants(BASE, "width", ["2"])
    assert shorthand.to_text(double.architecture.layers) == (
        "conv16-bn-relu-pool2-conv32-relu-pool2-flatten-linear64-relu-linear10"
    )
    with pytest.raises(SeriesError, match="Learning rate cannot be 'fast'; allowed is a number"):
        kind.variants(BASE, "learning_rate", ["fast"])
    with pytest.raises(SeriesError, match="'nothing' is nothing that can be varied"):
        kind.variants(BASE, "nothing", ["1"])


def test_depths_have_the_same_convolutions_with_and_without_skips() -> None:
    found = KINDS["depth"].variants(BASE, "", ["3", "9"])
    assert [(one.at, one.group) for one in found] == [
        (3, depth.PLAIN),
        (3, depth.SKIPS),
        (9, depth.PLAIN),
        (9, depth.SKIPS),
    ]
    for plain, skips in (found[:2], found[2:]):
        counts = [sum(layer.convolutions for layer in one.architecture.layers) for one in (plain, skips)]
        assert counts == [plain.at, plain.at]
        assert plain.architecture.parameters == skips.architecture.parameters


def test_optimizers_race_at_their_usual_rates_and_the_base_s_at_its_own() -> None:
    base = Base(BASE.architecture, TrainSettings(dataset="digits", learning_rate=0.02))
    adam, sgd = KINDS["optimizers"].variants(base, "", ["Adam", "SGD"])
    assert (adam.settings.learning_rate, sgd.settings.learning_rate) == (0.02, 0.1)
    assert sgd.settings.optimizer == "sgd"
