"""Every kind of experiment, found where it is listed: what it offers can be trained, and differs where it says so."""

import importlib
from pathlib import Path

import pytest

import cnn_core.series
from cnn_core import limits
from cnn_core.networks import repairs
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import series
from cnn_core.runs.series_cost import cost
from cnn_core.series import KINDS
from cnn_core.series.base import Base, Kind, asked
from cnn_core.training.settings import TrainSettings

FOLDER = Path(cnn_core.series.__file__).parent
BASES = [
    Base(PRESETS[name].architecture(), TrainSettings(dataset="digits", epochs=1))
    for name in ("mnist-deep", "tiny-vgg")
]
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_every_file_with_a_kind_is_in_the_list() -> None:
    modules = [importlib.import_module(f"cnn_core.series.{path.stem}") for path in FOLDER.glob("*.py")]
    there = [module.KIND for module in modules if hasattr(module, "KIND")]
    assert {id(kind) for kind in there} == {id(kind) for kind in KINDS.values()}


@every_kind
def test_it_says_what_it_is(kind: Kind) -> None:
    assert kind.question[-1] in ".?"
    assert kind.title[0].isupper()
    assert not kind.title.endswith(".")


@every_kind
@pytest.mark.parametrize("base", BASES, ids=["deep", "vgg"])
def test_what_it_begins_with_can_be_trained_within_the_limits(kind: Kind, base: Base) -> None:
    for subject in kind.subjects(base) or ("",):
        usual = kind.usual(base, subject)
        if not kind.free(subject):
            assert set(usual) <= set(kind.offered(base, subject))
        variants = kind.variants(base, subject, usual)
        assert len({variant.label for variant in variants}) == len(variants)
        assert kind.axis(subject)
        for variant in variants:
            assert not repairs.problems(variant.architecture)
            assert variant.settings.dataset == base.settings.dataset
        if not kind.log(subject):
            continue
        assert all(variant.at is None or variant.at > 0 for variant in variants), subject


@every_kind
def test_its_runs_are_written_down_and_read_again(kind: Kind) -> None:
    base = BASES[0]
    subject = next(iter(kind.subjects(base)), "")
    runs = series.plan(asked(kind.variants(base, subject, kind.usual(base, subject)), kind.seeds))
    assert not cost(runs).refusal(limits.limits())
    made = series.create("0" * 64, kind.name, subject, base.settings, runs)
    assert series.read(made.id) == made
    assert series.own("0" * 64) == [made.id]
