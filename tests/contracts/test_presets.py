"""Every named network: it works wherever it is offered, and what is said of it is computed."""

import json
import re

import pytest
import torch

from cnn_core import train
from cnn_core.networks import json_form, repairs, shorthand
from cnn_core.networks.building import build
from cnn_core.networks.presets import PRESETS

each_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@each_preset
@pytest.mark.parametrize(("shape", "classes"), [((1, 28, 28), 10), ((3, 32, 32), 10), ((3, 32, 32), 3)])
def test_it_works_on_both_image_sizes(preset, shape, classes):
    architecture = preset.architecture(shape, classes)
    assert repairs.problems(architecture) == ()
    assert build(architecture, 0)(torch.rand(2, *shape)).shape == (2, classes)


@each_preset
def test_there_and_back(preset):
    architecture = preset.architecture()
    assert json_form.read(json.loads(json.dumps(json_form.write(architecture)))) == architecture
    assert shorthand.from_text(shorthand.to_text(architecture.layers)) == architecture.layers


@each_preset
def test_it_has_a_name_of_its_own_a_title_and_a_sentence(preset):
    assert PRESETS[preset.name] is preset
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", preset.name)
    assert [other.title for other in PRESETS.values()].count(preset.title) == 1
    assert preset.comment.endswith(".")


@each_preset
def test_numbers_of_parameters_in_its_sentence_are_counted(preset):
    """None is written into the words, and what stands there in the end is torch's."""
    counts = [sum(p.numel() for p in layer.parameters()) for layer in build(preset.architecture())]
    assert preset.architecture().parameters == sum(counts)
    assert re.findall(r"\d,\d{3}|\d%[^,]* (?:of|are)", preset.words) == []
    found = re.findall(r"([\d,]+) parameters", preset.comment)
    assert found == ([f"{sum(counts):,}"] if "{parameters}" in preset.words else [])
    shares = re.findall(r"(\d+%) of its parameters are in the first Linear", preset.comment)
    first = next(
        sum(p.numel() for p in layer.parameters())
        for layer in build(preset.architecture())
        if layer._get_name() == "Linear"
    )
    assert shares == ([f"{first / sum(counts):.0%}"] if "{largest}" in preset.words else [])


@each_preset
def test_the_command_line_offers_it(preset):
    assert train.parser().parse_args(["--preset", preset.name]).preset == preset.name
