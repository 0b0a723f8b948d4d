"""The doctor page: programs break as PyTorch says, and run once they are repaired."""

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.doctor.programs import PROGRAMS
from pages.train.doctor.keys import Key
from tests.support.opening import open_page, words

SCRIPT = "train/doctor/page.py"
pytestmark = pytest.mark.usefixtures("one_thread")


def opened(name: str = "in-features", **controls: object) -> AppTest:
    return open_page(SCRIPT, Key, PROGRAM=PROGRAMS[name].title, **controls)


def test_a_number_repairs_the_first_program() -> None:
    at = opened()
    assert "mat1 and mat2 shapes cannot be multiplied (32x1568 and 6272x10)" in at.code[1].value
    assert "nn.Linear(6272, 10)" in at.code[0].value
    assert "Line 15 stops it" in at.error[0].value
    at.number_input[0].set_value(1569).run()
    assert "32x1568 and 1569x10" in at.code[1].value
    at.number_input[0].set_value(1568).run()
    assert not at.error
    assert "It runs" in at.success[0].value
    assert "loss 2." in at.success[0].value


def test_a_wrong_line_has_its_own_error_and_a_silent_one_its_scores() -> None:
    at = opened("no-flatten")
    assert "3584x14" in at.code[1].value
    at.get("button_group")[-1].set_value("nn.Flatten(0)").run()
    assert "1x50176" in at.code[1].value
    at = opened("no-zero-grad")
    assert "nothing complains" in at.warning[0].value
    assert len(at.metric) == 1
    at.get("button_group")[-1].set_value("optimizer.zero_grad()").run()
    assert "Repaired" in at.success[0].value
    before, after = (float(one.value.split()[0].rstrip("\u00a0%")) for one in at.metric)
    assert after > before + 50


def test_the_wrong_line_is_guessed_before_anything_is_told() -> None:
    at = opened("no-batch", PREDICT=True)
    assert not at.error
    assert "cause" not in words(at)
    program = PROGRAMS["no-batch"]
    at.get("button_group")[0].set_value(f"line {program.line}").run()
    assert f"Right: line {program.line}" in at.success[0].value
    assert "8x196" in at.code[-1].value
