"""The activations page does what it says: its numbers are those of torch and of arithmetic by hand."""

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.studies.overfitting import read_study
from pages.operations.activations.keys import Key
from pages.ui.words import percent
from tests.support.opening import open_page, words
from tests.support.sliders import move
from tests.support.trained_models import UNUSUAL, write_unusual

SENTENCES = {
    ("Functions", "dense"): "This network has no convolution, so it has no feature maps. Choose another one.",
}


def opened(part: str = "Functions", **controls: object) -> AppTest:
    """The page at one of its parts."""
    return open_page("operations/activations/page.py", Key, PART=part, **controls)


def metric(at: AppTest, label: str) -> str:
    return next(m.value for m in at.metric if m.label.startswith(label))


def feature_map() -> torch.Tensor:
    """conv1's first map of the digits' first test image: what the page shows where no dataset is downloaded."""
    model = checkpoints.load("mnist-3conv").model
    image = torch.from_numpy(to_float(datasets.load("digits").x_test[:1]))
    return model.conv1(image)[0, 0]


def test_the_table_has_every_function_on_this_map() -> None:
    table = opened().dataframe[0].value.set_index("activation")
    before = feature_map()
    assert table.loc["no activation", "smallest"] == pytest.approx(before.min().item(), abs=1e-5)
    for title, function in {
        "ReLU": torch.relu,
        "GELU": torch.nn.functional.gelu,
        "SiLU": torch.nn.functional.silu,
        "Sigmoid": torch.sigmoid,
    }.items():
        after = function(before)
        assert table.loc[title, "mean"] == pytest.approx(after.mean().item(), abs=1e-5)
        assert table.loc[title, "exactly 0"] == pytest.approx((after == 0).float().mean().item())


def test_the_formula_has_the_most_negative_cell_in_it() -> None:
    lowest = feature_map().min()
    at = opened(FUNCTION="Leaky ReLU")
    assert f"{{{lowest.item():.4f}}}) = {0.01 * lowest.item():.4f}" in words(at)


def test_two_convolutions_are_one_until_relu_stands_between() -> None:
    at = opened("Without a nonlinearity")
    difference = metric(at, "Largest difference")
    assert 0 < float(difference) < 1e-5
    assert "e" not in difference
    assert list(at.dataframe[0].value["sum"]) == ["1", "2", "0", "−2", "−1"]
    at.toggle(key=Key.RELU).set_value(True).run()
    assert float(metric(at, "Largest difference")) > 0.1


def test_a_first_kernel_without_negative_weights_is_explained() -> None:
    at = opened("Without a nonlinearity", RELU=True, FIRST="gaussian-blur")
    assert float(metric(at, "Largest difference")) == 0
    assert "ReLU changes nothing" in words(at)


def test_both_losses_are_torchs_cross_entropy_at_every_temperature() -> None:
    at = opened("Softmax and loss")
    for temperature in (1.0, 0.2, 5.0):
        move(at, Key.TEMPERATURE, temperature)
        at.run()
        logits = torch.tensor([[2.0, 1.0, 0.0, -1.0]], dtype=torch.float64) / temperature
        expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0])).item()
        assert metric(at, "Loss from the class index") == f"{expected:.6f}"
        assert metric(at, "Loss from the one-hot") == f"{expected:.6f}"


def test_adding_to_every_logit_changes_no_probability() -> None:
    at = opened("Softmax and loss")
    before = at.table[0].value["p"]
    assert before["cat"] == f"{torch.tensor([2.0, 1, 0, -1]).softmax(0)[0]:.4f}"
    at.number_input(key=Key.SHIFT).set_value(5.0).run()
    assert list(at.table[0].value["p"]) == list(before)
    assert at.table[0].value["z"]["cat"] == "7.0000"


def test_the_networks_own_logits() -> None:
    at = opened("Softmax and loss", LOGITS="the network")
    model = checkpoints.load("mnist-3conv").model
    image = torch.from_numpy(to_float(datasets.load("digits").x_test[:1]))
    shown = [float(text.replace("−", "-")) for text in at.table[0].value["z"]]
    np.testing.assert_allclose(shown, model(image)[0], rtol=1e-4, atol=1e-4)


def test_softmax_twice_costs_what_the_shipped_runs_say() -> None:
    at = opened("Softmax twice")
    assert "1.4612" in words(at)
    table = next(frame.value for frame in at.dataframe if "change" in frame.value.columns)
    study = read_study()
    accuracy = [study.runs[name].final("validation_accuracy")[0] for name in ("baseline", "softmax-twice")]
    assert list(table["validation accuracy"]) == [percent(value) for value in accuracy]
    assert study.command in words(at)


def test_the_gradient_of_softmax_twice_at_a_lead_is_autograds() -> None:
    at = opened("Softmax twice", link={Key.MARGIN: "-4"})
    logits = torch.zeros(1, 10, dtype=torch.float64)
    logits[0, :2] = torch.tensor([-2.0, 2.0])
    leaf = logits.requires_grad_()
    torch.nn.functional.cross_entropy(leaf.softmax(1), torch.tensor([0])).backward()
    assert f"twice {-leaf.grad[0, 0].item():.4f}" in words(at)


def test_predict_first_hides_the_answer_until_one_is_given() -> None:
    at = opened("Without a nonlinearity", PREDICT=True)
    assert not at.metric
    pills = next(group for group in at.get("button_group") if "3×3" in group.label)
    pills.set_value("one 6×6").run()
    assert at.error[0].value.startswith("**Not quite: it is one 5×5.** A cell of the second reads 3×3")
    assert at.metric


@pytest.mark.parametrize("part", ["Functions", "Without a nonlinearity", "Softmax and loss"])
@pytest.mark.parametrize("kind", UNUSUAL)
def test_any_model_gives_pictures_or_a_sentence(part: str, kind: str, convlens_home) -> None:
    write_unusual(convlens_home, kind)
    at = opened(part, model=f"run:{kind}")
    expected = SENTENCES.get((part, kind))
    assert [info.value for info in at.info] == ([] if expected is None else [expected])
