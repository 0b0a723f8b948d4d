"""The third course session: one network as Sequential and as nn.Module, its parameters and shapes, dropout, decay."""

from pathlib import Path

import torch
from playwright.sync_api import expect

from tests.support import exported
from tests.support.student import Student

PARAMETERS = 32 * (9 + 1) + 32 * (32 * 9 + 1) + 128 * (32 * 5 * 5 + 1) + 10 * (128 + 1)


def parameters(source: str) -> tuple[int, torch.Tensor]:
    """How many parameters the network of an exported source has, and what it answers to a batch of two images."""
    names = exported.run(source)
    model = names["model"]
    count = sum(weight.numel() for weight in model.parameters())
    return count, model(torch.zeros(2, 1, 28, 28))


def test_a_network_as_code_as_shapes_and_with_less_by_heart(student: Student) -> None:
    """Not reached: PyTorch's graph, built anew by each call, which needs the page that opens a training step."""
    page = student.page
    student.go("Builder")
    student.choose("Dataset", "Digits")
    student.preset("32-32, two convolutions")
    student.add("Dropout", "relu3")
    student.has_parameters(PARAMETERS)

    # The same network twice.
    code = student.unfold("Code: PyTorch and Keras")
    for kind, word in (("PyTorch Sequential", "nn.Sequential("), ("PyTorch module", "class ")):
        student.pick(kind)
        expect(code.get_by_test_id("stCode")).to_contain_text(word)
        with page.expect_download() as waiting:
            code.get_by_role("button", name="Download network.py").click()
        source = Path(waiting.value.path()).read_text("utf-8")
        has, answer = parameters(source)
        assert has == PARAMETERS
        assert answer.shape == (2, 10)
        assert "Dropout" in source
    table = student.unfold("Layers as a table")
    expect(table.get_by_test_id("stDataFrame")).to_be_visible()

    # Weight decay in a training, and what both did to one that learned by heart.
    student.more("Regularization", lambda: student.put("Weight decay", 0.01))
    student.put("Epochs", 1)
    run = student.train()
    assert run.settings.weight_decay == 0.01
    student.follow("Filters")
    student.go("Regularization")
    student.sees("was trained with dropout")
    student.pick("eval()")
    student.sees("No mask in eval()")
    student.tab("Weight decay")
    student.pick("0.003")
    student.sees("With λ = 0.003")
