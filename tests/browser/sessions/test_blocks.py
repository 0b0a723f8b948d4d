"""Residual and separable blocks, by mouse alone: added, set, moved, copied, removed, undone, trained, looked into."""

import re
from pathlib import Path

import torch
from playwright.sync_api import expect

from tests.support import exported
from tests.support.student import Student

RESIDUAL = (
    9 * 32 * 8 + 2 * 8 + 9 * 8 * 8 + 2 * 8 + 32 * 8 + 2 * 8
)  # two convolutions and the way past, each normed
SEPARABLE = 9 * 8 + 8 * 16 + 16
BEFORE = ("conv1", "relu1", "pool1")
REST = ("conv2", "relu2", "pool2", "flatten1", "linear1", "relu3", "linear2")


def test_blocks_are_built_trained_and_inspected(student: Student) -> None:
    page, sidebar = student.page, student.sidebar

    def names_are(*names: str) -> None:
        expect(student.strip.locator("button .name")).to_have_text([*names, *REST])

    def act(name: str) -> None:
        """Press one of the buttons under the list of layers; their icons have no words."""
        sidebar.locator(f".st-key-builder-edit-{name}").get_by_role("button").click()
        student.settled()

    student.go("Builder")
    student.choose("Dataset", "Digits")
    student.preset("32-32, two convolutions")
    named = sidebar.get_by_role("combobox", name="Layer", exact=True)

    student.add("Residual block", after="pool1")
    student.put("Filters", 8)
    student.put("Stride", 2)
    expect(named).to_have_value("4. residual1 8 filters, 2 × 3×3, stride 2")  # as it is now, not as it came
    block = re.compile(rf"output 8×7×7, {RESIDUAL:,} parameters")
    expect(student.layer("residual1")).to_have_accessible_name(block)
    student.add("SeparableConv2d", after="residual1")
    student.put("Filters", 16)
    student.choose("Padding", "same")
    expect(named).to_have_value("5. separable1 16 filters, 3×3, padding same")
    expect(student.layer("separable1")).to_have_accessible_name(
        re.compile(rf"output 16×7×7, {SEPARABLE} parameters")
    )
    names_are(*BEFORE, "residual1", "separable1")

    act("up")
    names_are(*BEFORE, "separable1", "residual1")
    act("Undo")
    names_are(*BEFORE, "residual1", "separable1")
    student.click_layer("separable1")
    act("copy")
    names_are(*BEFORE, "residual1", "separable1", "separable2")
    act("remove")
    names_are(*BEFORE, "residual1", "separable1")
    act("Undo")
    names_are(*BEFORE, "residual1", "separable1", "separable2")
    act("Undo")
    names_are(*BEFORE, "residual1", "separable1")

    student.put("Epochs", 1)
    run = student.train()
    assert run.status == "finished"
    norms = run.epochs[0]["gradient_norms"]
    assert norms["residual1"] > 0
    assert norms["separable1"] > 0

    code = student.unfold("Code: PyTorch and Keras")
    with page.expect_download() as waiting:
        code.get_by_role("button", name="Download network.py").click()
    model = exported.run(Path(waiting.value.path()).read_text("utf-8"))["model"]
    assert sum(weight.numel() for weight in model.residual1.parameters()) == RESIDUAL
    assert sum(weight.numel() for weight in model.separable1.parameters()) == SEPARABLE
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)

    student.go("Inspect")
    student.pick("Builder's, untrained")
    student.choose("Layer", "residual1")
    student.sees(f"= {RESIDUAL:,} parameters")
    student.choose("Tensor", "conv2.weight")
    student.sees(f"residual1.conv2.weight: {9 * 8 * 8} parameters")
