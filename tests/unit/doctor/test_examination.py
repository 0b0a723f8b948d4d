"""Each rule finds the run that has its fault; none finds anything in sound ones."""

import numpy as np
import pytest

from cnn_core.doctor.examination import RULES, examine
from cnn_core.doctor.rules.base import Case, Finding, Inside, LayerState
from tests.support.made_runs import good_matrix, made

FLAT = ((2.30, 0.1), (2.30, 0.1), (2.30, 0.1), (2.30, 0.1))
SOUND = LayerState("relu1", 0.0, 32, 3, False)


def columns(**changes: int) -> np.ndarray:
    matrix = good_matrix()
    for name, into in changes.items():
        number = int(name[1:])
        matrix[:, into] += matrix[:, number]
        matrix[:, number] = 0
    return matrix


def swapped() -> np.ndarray:
    matrix = good_matrix()
    matrix[[3, 5]] = matrix[[5, 3]]
    return matrix


def inside(*layers: LayerState) -> Inside:
    return Inside((SOUND, *layers), 100)


ILL: dict[str, tuple[Case, tuple[str, ...]]] = {
    "Is the loss a number?": (
        Case(made((), (), status="failed", reason="The loss stopped being a number at step 3 of epoch 1: …")),
        ("step 3 of epoch 1", "0.004"),
    ),
    "Does the first loss lie near ln K, that of guessing?": (Case(made(first=9.5)), ("9.50", "2.30")),
    "Is the loss given logits, no probabilities?": (Case(made(softmax_before_loss=True)), ("0.100",)),
    "Are test images scaled as those it learned from?": (
        Case(made(test_inputs="bytes")),
        ("97.0%", "0.110", "loss 0.100", "0 to 255"),
    ),
    "Does something bend between layers of weights?": (
        Case(made(line="conv8-conv16-relu-pool-flatten-linear10")),
        ("1 activations for 3",),
    ),
    "Does the training loss fall below that of guessing?": (
        Case(made((2.31, 2.30, 2.30, 2.30), (0.1,) * 4, FLAT)),
        ("2.300",),
    ),
    "Does the loss never jump up?": (Case(made((0.9, 0.3, 1.4, 0.5))), ("0.300 to 1.400", "0.004")),
    "Is the learning rate large enough?": (
        Case(made((2.2, 2.0, 1.8, 1.6), learning_rate=1e-5)),
        ("1.600", "1e-05", "0.004"),
    ),
    "Do answers depend on the image?": (
        Case(made(matrix=columns(**{f"c{n}": 7 for n in range(10) if n != 7}))),
        ("1,000 of 1,000", "7"),
    ),
    "Is every class answered at all?": (Case(made(matrix=columns(c4=9))), ("100 test images of 4", "9")),
    "Is no class taken for another, and that for it?": (Case(made(matrix=swapped())), ("97%",)),
    "Does what is learned hold for other images, as with true labels?": (
        Case(made((2.2, 1.6, 0.9, 0.4), (0.15, 0.4, 0.7, 0.9), FLAT)),
        ("90.0%", "10.0%"),
    ),
    "Are most channels alive?": (
        Case(made(), inside(LayerState("relu2", 0.0, 16, 12, False))),
        ("12 of its 16", "100 test images"),
    ),
    "Do filters differ?": (Case(made(), inside(LayerState("conv1", 0.0, 8, 0, True))), ("8 filters",)),
    "Are the weights of a sound size?": (
        Case(made(), inside(LayerState("conv1", 512.0, 8, 0, False))),
        ("512.0", "conv1"),
    ),
    "Can the network learn one batch by heart?": (Case(made(), by_heart=(2.3,) * 50), ("2.300", "50 steps")),
    "Are batches large enough for batch norm?": (
        Case(made(line="conv8-bn-relu-pool-flatten-linear10", batch_size=1)),
        ("batch size is 1",),
    ),
    "Is weight decay weaker than the images?": (
        Case(made((1.9, 1.6, 1.5, 1.5), weight_decay=0.1)),
        ("0.1 with adam", "1.500"),
    ),
    "Is enough of the map left behind the poolings?": (
        Case(made(line="conv8_p1-relu-pool-conv8_p1-relu-pool-conv8_p1-relu-pool-pool-flatten-linear10")),
        ("4 poolings leave 1×1",),
    ),
    "Are there enough images of each class?": (Case(made(images=100)), ("100 training images", "10 a class")),
    "Is training no better than validation?": (
        Case(
            made(
                accuracies=(0.8, 0.95, 0.99, 1.0),
                validation=((0.5, 0.85), (0.4, 0.88), (0.5, 0.88), (0.6, 0.88)),
            )
        ),
        ("100.0%", "88.0%", "0.600", "0.400"),
    ),
    "Does the best epoch come late?": (
        Case(made(validation=((0.4, 0.9), (0.2, 0.95), (0.3, 0.95), (0.4, 0.95)))),
        ("0.200", "0.400"),
    ),
    "Is the test set like the validation set?": (
        Case(made(matrix=(good_matrix() * 0.7).astype(int) + 3)),
        ("97.0%", "test images"),
    ),
    "Did it end when it was done?": (
        Case(made(validation=((0.9, 0.7), (0.6, 0.8), (0.4, 0.88), (0.25, 0.93)))),
        ("0.400 to 0.250", "88.0% to 93.0%"),
    ),
    "Are there enough validation images?": (Case(made(held_out=40)), ("Of 40 images", "2.5%")),
    "Is validation no better than training?": (
        Case(made(accuracies=(0.5, 0.7, 0.8, 0.85))),
        ("97.0%", "85.0%"),
    ),
}


def found(title: str) -> Finding | None:
    case, _ = ILL[title]
    return next((one for one in examine(case) if one.rule == title), None)


@pytest.mark.parametrize("title", RULES)
def test_it_finds_its_fault_and_says_the_numbers_of_this_run(title: str) -> None:
    finding = found(title)
    assert finding is not None
    for number in ILL[title][1]:
        assert number in finding.evidence
    for words in (finding.sentence, finding.evidence, finding.cause):
        assert words[0].isupper() or words[0] == "`" or words[0].isdigit()
        assert words[-1] in ".?"
    assert finding.sentence[-1] in ".?"


@pytest.mark.parametrize("title", RULES)
def test_its_experiment_changes_one_thing(title: str) -> None:
    finding = found(title)
    assert finding is not None
    run, experiment = ILL[title][0].run, finding.experiment
    changed = {
        name: value for name, value in experiment.settings.items() if run.settings.to_dict()[name] != value
    }
    layers = experiment.layers is not None and experiment.layers != run.architecture.layers
    if experiment.page == "builder":
        softmax = run.settings.softmax_before_loss  # the Builder trains without it
        limit = set(experiment.settings) == {"train_limit"}  # said of images, wherever they were left out
        assert len(changed) + layers == 1 or softmax or limit
        assert run.architecture.with_layers(experiment.layers or run.architecture.layers).failure() is None
    else:
        assert not changed
        assert not layers


def test_a_sound_run_has_no_findings() -> None:
    assert examine(Case(made(), inside(), (2.3, *(0.01,) * 50))) == ()
    assert examine(Case(made(status="running"))) == ()


def test_the_gravest_comes_first() -> None:
    ill = examine(Case(made((2.31,) * 4, (0.1,) * 4, FLAT, first=30.0, held_out=50)))
    assert [one.rule for one in ill] == [title for title in RULES if title in {one.rule for one in ill}]
    assert len(ill) >= 3
