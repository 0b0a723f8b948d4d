"""The confusion page's numbers against the model's answers to the whole test set, and against scikit-learn."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn import metrics as reference
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.data import datasets
from pages.judge.confusion.keys import Key
from pages.ui.words import percent
from tests.support.opening import open_app
from tests.support.trained_models import write_model


def _page(model: str) -> AppTest:
    return open_app("judge/confusion", model=model)


def _metrics(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def _text(at: AppTest) -> str:
    return " ".join(element.value for element in at.markdown)


@pytest.fixture
def probabilities(convlens_home: Path) -> np.ndarray:
    model = write_model(convlens_home, "small")
    with torch.no_grad():
        images = to_float(datasets.load("digits").x_test)
        return model(torch.from_numpy(images)).softmax(1).numpy()


@pytest.fixture
def labels() -> np.ndarray:
    return datasets.load("digits").y_test


def test_scores_are_those_of_the_whole_test_set(probabilities: np.ndarray, labels: np.ndarray) -> None:
    at = _page("run:small")
    predicted = probabilities.argmax(1)
    assert _metrics(at) == {
        "Accuracy": percent(reference.accuracy_score(labels, predicted), 2),
        "Macro F1": f"{reference.f1_score(labels, predicted, average='macro', zero_division=0):.4f}",
        "Test images": f"{len(labels):,}",
    }
    table = at.dataframe[0].value
    expected = reference.precision_recall_fscore_support(labels, predicted, labels=range(10), zero_division=0)
    np.testing.assert_allclose(table[["precision", "recall", "F1", "support"]].to_numpy().T, expected)
    matrix = at.dataframe[-1].value.drop(columns="true class").to_numpy()
    np.testing.assert_array_equal(matrix, reference.confusion_matrix(labels, predicted, labels=range(10)))
    assert f"**{(predicted != labels).sum():,}** mistakes" in _text(at)


def test_a_cell_leads_to_its_images_most_confident_first(
    probabilities: np.ndarray, labels: np.ndarray
) -> None:
    at = _page("run:small")
    predicted = probabilities.argmax(1)
    matrix = reference.confusion_matrix(labels, predicted, labels=range(10))
    np.fill_diagonal(matrix, 0)
    true, wrong = np.unravel_index(matrix.argmax(), matrix.shape)
    at.selectbox(Key.TRUE).set_value(str(true)).run()
    at.selectbox(Key.PREDICTED).set_value(str(wrong)).run()
    assert f"**{matrix[true, wrong]}** images in this cell" in _text(at)
    inside = np.flatnonzero((labels == true) & (predicted == wrong))
    confidence = probabilities.max(1)[inside]
    listed = at.dataframe[1].value
    assert sorted(listed["test image"]) == inside.tolist()
    np.testing.assert_allclose(listed["confidence"], np.sort(confidence)[::-1], rtol=1e-5)
    gallery = next(element.proto.body for element in at.get("html") if "gallery" in element.proto.body)
    assert gallery.count("<figure") == min(18, len(inside))
    assert f"{true} read as {wrong}\n{percent(confidence.max(), 2)} sure" in gallery


def test_a_network_that_never_answers_a_class(probabilities: np.ndarray, labels: np.ndarray) -> None:
    at = _page("run:small")
    at.selectbox(Key.SILENT).set_value("3").run()
    silenced = probabilities.copy()
    silenced[:, 3] = -1
    predicted = silenced.argmax(1)
    assert _metrics(at)["Accuracy"] == percent((predicted == labels).mean(), 2)
    assert at.dataframe[0].value.loc[3, "recall"] == 0


def test_shares_and_counts_are_of_the_same_matrix(probabilities: np.ndarray) -> None:
    at = _page("run:small")
    chart = at.get("vega_lite_chart")[0].proto
    assert '"field": "images"' in chart.spec
    at.segmented_control(Key.CELLS).set_value("shares").run()
    assert '".1%"' in at.get("vega_lite_chart")[0].proto.spec


def test_without_its_test_images_a_model_shows_the_scores_it_came_with() -> None:
    at = _page("mnist-3conv")
    card = checkpoints.read_card("mnist-3conv")
    assert "stored with the model" in at.info[0].value
    assert "not on this machine" in at.info[0].value
    assert card.test is not None
    assert _metrics(at)["Accuracy"] == percent(card.test["accuracy"], 2)
    assert _metrics(at)["Macro F1"] == f"{card.test['macro_f1']:.4f}"
    matrix = at.dataframe[-1].value.drop(columns="true class").to_numpy()
    np.testing.assert_array_equal(matrix, card.test["confusion_matrix"])


def test_neither_images_nor_scores_is_a_sentence(convlens_home: Path) -> None:
    write_model(convlens_home, "untested", dataset="mnist")
    at = _page("run:untested")
    assert "not tested yet" in at.info[0].value
    assert not at.metric


@pytest.mark.datasets
def test_the_shipped_models_scores_hold_on_the_real_test_set(mnist_home: Path) -> None:
    at = _page("mnist-3conv")
    card = checkpoints.read_card("mnist-3conv")
    assert card.test is not None
    # bf16 on another machine may move a handful of the 10,000 answers
    assert float(_metrics(at)["Accuracy"].rstrip("\u00a0%")) == pytest.approx(
        100 * card.test["accuracy"], abs=0.05
    )


def test_a_cell_without_images_says_so_and_counts_nothing(
    probabilities: np.ndarray, labels: np.ndarray
) -> None:
    matrix = reference.confusion_matrix(labels, probabilities.argmax(1), labels=range(10))
    true, predicted = np.argwhere(matrix == 0)[0]
    at = _page("run:small")
    at.selectbox(key=Key.TRUE).set_value(str(true)).run()
    at.selectbox(key=Key.PREDICTED).set_value(str(predicted)).run()
    assert [info.value for info in at.info] == [
        "None: the network reads no test image so. Choose other classes above."
    ]
    assert "most confident answers first" not in _text(at)
