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
from cnn_core.inside import forward
from cnn_core.judge import metrics
from pages.judge.confusion.keys import Key
from pages.judge.confusion.samples import A_PAGE, words
from pages.ui import dataset_answers
from pages.ui.dataset_answers import Answers, Reading
from pages.ui.keys import Shared
from pages.ui.models import models
from pages.ui.words import percent
from tests.support.component_message import unpack
from tests.support.opening import open_app, unfold
from tests.support.thread_launcher import wait
from tests.support.trained_models import write_model


def page(model: str, **link: str) -> AppTest:
    return open_app(
        "judge/confusion", model=model, link={str(Key[name]): value for name, value in link.items()}
    )


def board(at: AppTest) -> dict[str, object]:
    """What the matrix and its images are sent."""
    sent = [
        one.proto
        for one in at.get("bidi_component")
        if one.proto.component_name == "convlens.confusion_board"
    ]
    return unpack(sent[0].bytes)


@pytest.fixture
def labels() -> np.ndarray:
    return datasets.load("digits").y_test


@pytest.fixture
def probabilities(convlens_home: Path, labels: np.ndarray) -> np.ndarray:
    """Those of an untrained network `run:small` whose card holds its scores, all of its answers already there."""
    model = write_model(convlens_home, "small")
    with torch.no_grad():
        images = to_float(datasets.load("digits").x_test)
        given = model(torch.from_numpy(images)).softmax(1).numpy()
    cm = metrics.confusion_matrix(labels, given.argmax(1), 10)
    scores = {
        "accuracy": metrics.accuracy(cm),
        "macro_f1": metrics.macro_f1(cm),
        "loss": 2.5,
        "images": len(labels),
        "confusion_matrix": cm.tolist(),
    }
    write_model(convlens_home, "small", test=scores)
    read_all()
    return given


def read_all() -> None:
    """Wait until the network `run:small` has read its test images."""
    ref = next(ref for ref in models().refs if ref.key == "run:small")
    wait(lambda: not isinstance(dataset_answers.answers(ref, datasets.load("digits")), Reading))


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_answers, "_ANSWERS", Answers())


def test_scores_images_and_tables_are_those_of_the_whole_test_set(
    probabilities: np.ndarray, labels: np.ndarray
) -> None:
    at = page("run:small")
    predicted = probabilities.argmax(1)
    matrix = reference.confusion_matrix(labels, predicted, labels=range(10))
    sent = board(at)
    accuracy = percent(reference.accuracy_score(labels, predicted), 2)
    f1 = reference.f1_score(labels, predicted, average="macro", zero_division=0)
    assert sent["score"] == f"{accuracy} right · macro F1 {f1:.4f}"
    np.testing.assert_array_equal(sent["counts"], matrix.ravel())
    assert sent["title"] == f"{len(labels)} test images"
    np.testing.assert_array_equal(sent["index"], range(A_PAGE))  # the samples of all classes, as they come
    np.testing.assert_array_equal(sent["truth"], labels[:A_PAGE])
    np.testing.assert_array_equal(sent["answer"], predicted[:A_PAGE])
    np.testing.assert_allclose(sent["probabilities"], probabilities[:A_PAGE].ravel(), atol=1e-6)
    np.testing.assert_array_equal(sent["pixels"], datasets.load("digits").x_test[:A_PAGE].ravel())
    expected = reference.precision_recall_fscore_support(labels, predicted, labels=range(10), zero_division=0)
    table, cells, _ = (frame.value for frame in unfold(at).dataframe)
    np.testing.assert_allclose(table[["precision", "recall", "F1", "support"]].to_numpy().T, expected)
    np.testing.assert_array_equal(cells.drop(columns="true class").to_numpy(), matrix)

    at.button_group(key=Key.SHOWN).set_value("wrong").run()
    wrong = np.flatnonzero(predicted != labels)
    assert board(at)["title"] == f"{len(wrong)} images read as something else".replace(
        "images", "test images"
    )
    np.testing.assert_array_equal(board(at)["index"], wrong[:A_PAGE])
    at.selectbox(key=Key.ORDER).set_value("least sure first").run()
    sureness = probabilities.max(1)[board(at)["index"]]
    assert sureness[0] == probabilities.max(1)[wrong].min()
    assert (np.diff(sureness) >= 0).all()


def test_a_link_opens_a_cell_and_an_image_of_it_and_leads_to_its_feature_maps(
    probabilities: np.ndarray, labels: np.ndarray
) -> None:
    predicted = probabilities.argmax(1)
    matrix = reference.confusion_matrix(labels, predicted, labels=range(10))
    true, answer = np.unravel_index(matrix.argmax(), matrix.shape)
    inside = np.flatnonzero((labels == true) & (predicted == answer))
    at = page("run:small", TRUE=str(true), PREDICTED=str(answer), INSIDE=str(inside[2]), PAGE="1")
    sent = board(at)
    assert sent["chosen"] == [true, answer]
    assert sent["title"] == f"{len(inside)} images of {true} read as {answer}"
    np.testing.assert_array_equal(sent["index"], inside[:A_PAGE])
    assert sent["selected"] == 2
    (link,) = (one.proto for one in at.get("page_link") if "through the layers" in one.proto.label)
    assert f"number={inside[2]}" in link.query_string
    assert f"{Shared.MODEL}=run%3Asmall" in link.query_string
    assert at.query_params[Key.INSIDE] == str(inside[2])
    no_class = page("run:small", TRUE="any", PREDICTED="no class", PAGE="99999999999", INSIDE="-1")
    assert board(no_class)["chosen"] == [-1, -1]
    assert Key.TRUE not in no_class.query_params


def test_an_empty_cell_says_so(probabilities: np.ndarray, labels: np.ndarray) -> None:
    matrix = reference.confusion_matrix(labels, probabilities.argmax(1), labels=range(10))
    true, answer = np.argwhere(matrix == 0)[0]
    sent = board(page("run:small", TRUE=str(true), PREDICTED=str(answer)))
    assert sent["title"] == "None: the network reads no test image so."
    assert len(sent["index"]) == 0


def test_a_network_that_never_answers_a_class(probabilities: np.ndarray, labels: np.ndarray) -> None:
    at = page("run:small", SILENT="3", CELLS="shares")
    silenced = probabilities.copy()
    silenced[:, 3] = -1
    predicted = silenced.argmax(1)
    assert board(at)["score"].startswith(f"{percent((predicted == labels).mean(), 2)} right")
    assert unfold(at).dataframe[0].value.loc[3, "recall"] == 0
    assert board(at)["shares"] is True


def test_the_matrix_stands_before_the_images_are_read_and_does_not_wait(
    probabilities: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "get", lambda self, ref, data: Reading(0.25))
    at = page("run:small")
    sent = board(at)
    assert (sent["waiting"], sent["done"], len(sent["index"])) == (True, 0.25, 0)
    assert sum(sent["counts"]) == len(probabilities)
    monkeypatch.setattr(Answers, "get", lambda self, ref, data: Reading(failed="No memory."))
    sent = board(page("run:small"))
    assert (sent["waiting"], sent["title"]) == (False, "No memory.")


def test_a_class_that_asks_at_once_has_each_model_read_once(
    probabilities: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def slow(model: object, images: object, progress: object) -> np.ndarray:
        read.append(model)
        return probabilities

    monkeypatch.setattr(dataset_answers, "probabilities", slow)
    ref = next(ref for ref in models().refs if ref.key == "run:small")
    data, answers = datasets.load("digits"), Answers(most_bytes=1)
    wait(lambda: not any(isinstance(answers.get(ref, data), Reading) for _ in range(30)))
    assert len(read) == 1
    np.testing.assert_array_equal(answers.get(ref, data), probabilities)


def test_without_its_test_images_a_model_shows_the_scores_it_came_with(convlens_home: Path) -> None:
    at = page("mnist-3conv")
    card = checkpoints.read_card("mnist-3conv")
    assert card.test is not None
    sent = board(at)
    assert "not on this machine" in str(sent["title"])
    np.testing.assert_array_equal(sent["counts"], np.ravel(card.test["confusion_matrix"]))
    assert (
        sent["score"] == f"{percent(card.test['accuracy'], 2)} right · macro F1 {card.test['macro_f1']:.4f}"
    )
    write_model(convlens_home, "untested", dataset="mnist")
    at = page("run:untested")
    assert "not tested yet" in at.info[0].value
    assert not at.get("bidi_component") or not board_is_there(at)


def board_is_there(at: AppTest) -> bool:
    return any(one.proto.component_name == "convlens.confusion_board" for one in at.get("bidi_component"))


@pytest.mark.parametrize(
    ("number", "chosen", "answered", "said"),
    [
        (1, (0, 1), "all", "1 image of cat read as dog"),
        (2, (0, None), "wrong", "2 images of cat read as something else"),
        (2, (None, 1), "right", "2 images read as dog, rightly"),
        (1234, (None, None), "right", "1,234 test images read rightly"),
        (0, (0, 0), "all", "None: the network reads no test image so."),
    ],
)
def test_what_is_shown_is_said_in_words(number: int, chosen: object, answered: object, said: str) -> None:
    assert words(number, ("cat", "dog"), chosen, answered) == said


@pytest.mark.datasets
def test_the_shipped_models_scores_hold_on_the_real_test_set(mnist_home: Path) -> None:
    card = checkpoints.read_card("mnist-3conv")
    assert card.test is not None
    ref = next(ref for ref in models().refs if ref.key == "mnist-3conv")
    data = datasets.load("mnist")
    stored = dataset_answers.answers(ref, data)
    assert not isinstance(stored, Reading)  # they came with it: nobody waits
    cm = metrics.confusion_matrix(data.y_test, stored.argmax(1), 10)
    np.testing.assert_array_equal(cm, card.test["confusion_matrix"])
    some = slice(0, 10_000, 50)
    fresh = forward.probabilities(checkpoints.load("mnist-3conv").model, data.x_test[some])
    np.testing.assert_allclose(stored[some], fresh, atol=1e-4)
