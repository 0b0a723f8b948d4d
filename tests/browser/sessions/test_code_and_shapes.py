"""The third course session: one network as Sequential and as nn.Module, its parameters and shapes, dropout, decay."""

import re
from pathlib import Path

import torch
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.support import exported
from tests.support.student import Student


def parameters(source: str) -> tuple[int, torch.Tensor]:
    """How many parameters the network of an exported source has, and what it answers to a batch of two images."""
    names = exported.run(source)
    model = names["model"]
    count = sum(weight.numel() for weight in model.parameters())
    return count, model(torch.zeros(2, 1, 28, 28))


def test_a_network_as_code_as_shapes_and_with_less_by_heart(server: Server, page: Page) -> None:
    """Not reached: PyTorch's graph, built anew by each call, which needs the page that opens a training step."""
    student = Student(page, server)
    student.go("Builder")
    student.choose("Dataset", "Digits")
    student.preset("32-32, two convolutions")
    student.add("Dropout", "relu3")
    said = student.main.inner_text()
    total = re.search(r"All \d+ layers · ([\d,]+) parameters", said.replace("\u00a0", " "))
    assert total, said
    count = int(total[1].replace(",", ""))

    # The same network twice.
    code = student.unfold("Code: PyTorch and Keras")
    for kind, word in (("PyTorch Sequential", "nn.Sequential("), ("PyTorch module", "class ")):
        student.pick(kind)
        expect(code.get_by_test_id("stCode")).to_contain_text(word)
        with page.expect_download() as waiting:
            code.get_by_role("button", name="Download network.py").click()
        source = Path(waiting.value.path()).read_text("utf-8")
        has, answer = parameters(source)
        assert has == count
        assert answer.shape == (2, 10)
        assert "Dropout" in source
    table = student.unfold("Layers as a table")
    expect(table.get_by_test_id("stDataFrame")).to_be_visible()

    # Weight decay in a training, and what both did to one that learned by heart.
    student.more(lambda: student.put("Weight decay", 0.01))
    student.put("Epochs", 1)
    student.train()
    student.follow("Filters")
    student.go("Regularization")
    student.sees("was trained with dropout")
    student.pick("eval()")
    student.sees("No mask in eval()")
    student.tab("Weight decay")
    student.pick("0.003")
    student.sees("With λ = 0.003")
