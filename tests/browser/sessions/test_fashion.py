"""The fourth course session: Fashion-MNIST with 32-32 filters and Adam, kernels, maps, pooling, learning by heart."""

import re

import numpy as np
from playwright.sync_api import expect

from tests.support import judged
from tests.support.laboratory import Player, near, number
from tests.support.student import Student, needs

PARAMETERS = 32 * (9 + 1) + 32 * (32 * 9 + 1) + 128 * (32 * 5 * 5 + 1) + 10 * (128 + 1)


def test_clothes_are_learned_looked_at_and_learned_by_heart(student: Student) -> None:
    needs("fashion_mnist")
    page = student.page
    images, _ = judged.held_back("fashion_mnist")
    student.go("Builder")
    student.choose("Dataset", "Fashion-MNIST")
    student.preset("32-32, two convolutions")
    expect(page.get_by_role("combobox", name="Optimizer")).to_have_value("Adam")
    student.has_parameters(PARAMETERS)
    student.put("Epochs", 5)
    student.train_on_few("2,000 images")
    run = student.train()
    assert run.test is not None
    assert len(run.epochs) == 5
    said = student.said()
    assert "of 5, the best on the validation images, on 10,000 test images" in said
    counts = np.array(run.test["confusion_matrix"])
    judged.agree(said, counts)
    assert counts.sum(1).tolist() == [1000] * 10
    assert judged.scores(counts)[0] > 0.5

    # A filter is 3 × 3 × what it reads: 9,248 parameters, not 288.
    student.follow("Filters")
    student.sees("32 filters of 3 × 3 × 1, strongest first")
    student.pick("conv2")
    student.sees("32 filters of 3 × 3 × 32, strongest first")
    student.unfold("All of this as tables")
    student.sees("32 × (3 × 3 × 32 + 1) = 9,248")
    student.follow("See the maps these filters make", "Feature maps")
    student.sees(re.compile("Input · Fashion-MNIST, test image"))
    for layer, shape in (("conv1", "32 × 26 × 26"), ("pool1", "32 × 13 × 13"), ("pool2", "32 × 5 × 5")):
        student.pick(layer)
        student.sees(re.compile(rf"^{layer} · .*{shape}"))

    student.go("Pooling")
    student.press("Image")
    student.choose("Dataset", "Fashion-MNIST")
    page.keyboard.press("Escape")
    player = Player(page)
    label = re.compile(r"^Max pooling of Fashion-MNIST, test image \d+: .*, player$")
    expect(player.stage).to_have_attribute("aria-label", label)
    shown = re.search(r"test image (\d+)", player.stage.get_attribute("aria-label") or "")
    assert shown
    player.go(7, 6)
    player.at(7, 6, (14, 14))
    largest = images[int(shown[1]), 14:16, 12:14].max() / 255
    assert near(number(player.sentence().rsplit(" = ", 1)[1]), float(largest))

    # Learned by heart: few images, many steps; then what helps.
    student.go("Builder")
    student.train_on_few("500 images")
    student.choose("Batch size", "16")
    student.put("Epochs", 10)
    by_heart = student.train()
    assert by_heart.test is not None
    assert len(by_heart.epochs) == 10
    assert by_heart.epochs[-1]["accuracy"] > by_heart.test["accuracy"] + 0.05
    epochs = student.unfold("Numbers of each epoch")
    expect(epochs.get_by_test_id("stDataFrame")).to_be_visible()
    student.go("Regularization")
    for part in ("Dropout", "Batch norm"):
        student.tab(part)
        student.sees("What it does to overfitting")
