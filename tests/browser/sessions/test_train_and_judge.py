"""The second course session: 32-64-64 on MNIST, its best weights, curves, maps, mistakes; then deeper."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from cnn_core import checkpoints
from tests.support import judged
from tests.support.student import Student, needs

DIGITS = [str(digit) for digit in range(10)]
PARAMETERS = 32 * (9 + 1) + 64 * (32 * 9 + 1) + 64 * (64 * 9 + 1) + 64 * (64 * 3 * 3 + 1) + 10 * (64 + 1)


def test_mnist_is_trained_looked_into_and_judged(student: Student) -> None:
    needs("mnist")
    images, classes = judged.held_back("mnist")
    student.go("Builder")
    student.preset("32-64-64, three convolutions")
    for name, shape in (("conv1", "32×26×26"), ("pool2", "64×5×5"), ("linear1", "64"), ("linear2", "10")):
        expect(student.layer(name)).to_contain_text(shape)
    student.has_parameters(PARAMETERS)
    student.put("Epochs", 2)
    student.train_on_few("2,000 images")
    run = student.train()

    # The scores are those of the epoch that was best, on images that no epoch has seen.
    assert run.started is not None
    assert run.test is not None
    assert run.started["images"] == 2000  # beside the tenth of all that is held out
    best = max(run.epochs, key=lambda epoch: epoch["validation_accuracy"] or 0)
    assert best["validation_accuracy"] == run.epochs[-1]["validation_accuracy"] or not run.epochs[-1]["best"]
    said = student.said()
    assert re.search(r"Epoch [12] of 2, the best on the validation images, on 10,000 test images", said), said
    counts = np.array(run.test["confusion_matrix"])
    judged.agree(said, counts)
    assert judged.scores(counts)[0] > 0.5

    # What each layer answers, of this very run.
    student.follow("Feature maps")
    right = f"{100 * judged.scores(counts)[0]:.2f}"
    expect(student.sidebar).to_contain_text(right)
    model = checkpoints.load(run.path).model.eval()
    for layer, shape in (("conv1", "32 × 26 × 26"), ("conv3", "64 × 3 × 3")):
        student.pick(layer)
        student.sees(re.compile(rf"^{layer} · .*{shape}"))
        student.sees(re.compile(rf"^.*In map 0 of {layer}, "))
    number = re.search(r"Input · MNIST, test image (\d+): (\d)", student.said())
    assert number, student.said()
    assert classes[int(number[1])] == int(number[2])
    with torch.inference_mode():
        answer = model[:7](judged.tensor(images[[int(number[1])]]))[0, 0]  # conv3, before its ReLU
    signs = re.search(
        r"In map 0 of conv3, (\d+) are negative, (\d+) are 0 and (\d+) positive", student.said()
    )
    assert signs, student.said()
    assert [int(count) for count in signs.groups()] == [int((answer < 0).sum()), 0, int((answer > 0).sum())]

    # Which classes it mistakes for which, and the images that it did so with.
    student.go("Confusion matrix")
    shown = student.matrix(DIGITS)
    answered = judged.answers(run, images)
    assert np.abs(shown - judged.matrix(classes, answered)).sum() <= 2 * judged.NEARLY
    wrong = np.where(np.eye(10, dtype=bool), 0, shown)
    true, read = map(int, np.unravel_index(wrong.argmax(), wrong.shape))
    student.click_cell(str(true), str(read), int(wrong[true, read]))
    board = student.board()
    thumb = board.locator(".thumb").last
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    heading = re.fullmatch(r"Test image (\d+): (\d)", board.locator(".detail .number").inner_text())
    assert heading
    assert (classes[int(heading[1])], answered[int(heading[1])]) == (true, read)
    expect(board.locator(".detail .bar").first).to_contain_text(str(read))

    # Predicted examples: a class that is read rightly.
    student.click_cell("1", "1", int(shown[1, 1]))

    # Deeper, with batch norm and dropout.
    student.go("Builder")
    student.add("BatchNorm", "conv1")
    student.add("Dropout", "relu4")
    expect(student.layer("batch_norm1")).to_have_attribute("aria-label", re.compile("64 parameters"))
    student.has_parameters(PARAMETERS + 64)
    deeper = student.train()
    assert deeper.id != run.id
    deeper_counts = judged.matrix(classes, judged.answers(deeper, images))
    assert judged.said_scores(student.said()) == pytest.approx(judged.scores(deeper_counts), abs=0.002)
    student.follow("Filters")
    student.go("Regularization")
    student.sees("was trained with dropout")
    student.tab("Batch norm")
    student.sees("has batch norm of its own")
