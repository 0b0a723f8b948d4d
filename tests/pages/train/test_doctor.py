"""The doctor page: programs break as PyTorch says and run once they are repaired; runs are examined."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.doctor.examination import RULES
from cnn_core.doctor.programs import PROGRAMS
from cnn_core.runs.history import Run
from cnn_core.runs.ownership import owner_of
from pages.train.doctor.keys import Key
from pages.ui.network.keys import NetworkKey
from tests.conftest import BROWSER
from tests.support.made_runs import trained
from tests.support.opening import open_app, open_page, words

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


def examined(run: Run) -> AppTest:
    return open_app("train/doctor", link={Key.PART: "Examine a run", Key.RUN: run.id})


def test_where_no_run_is_the_page_says_what_will_be_there() -> None:
    at = open_app("train/doctor", link={Key.PART: "Examine a run", Key.RUN: "../../etc"})
    assert "will be here" in at.info[0].value
    assert Key.RUN not in at.query_params


def test_a_run_is_examined_and_its_experiment_is_what_the_builder_then_shows() -> None:
    run = trained(
        "flatten-linear32-relu-linear10",
        owner_of(BROWSER),
        epochs=2,
        learning_rate=1e-4,
        train_limit=500,
        optimizer="sgd",
        nesterov=True,
        momentum=0.5,
        seed=7,
        weight_decay=0.001,
        validation_fraction=0.25,
    )
    at = examined(run)
    assert at.query_params[Key.RUN] in (run.id, [run.id])
    assert "2.303" in words(at)
    links = [link.proto for link in at.get("page_link") if link.proto.page == "builder"]
    assert "learning rate of 0.001" in links[0].label
    given = {key: value[0] for key, value in parse_qs(links[0].query_string).items()}
    builder = open_app("train/builder", link=given)
    shown = {key: builder.session_state[key] for key in given}
    assert shown[NetworkKey.NETWORK] == "flatten-linear32-relu-linear10"
    assert (shown["builder-rate"], shown["builder-epochs"], shown["builder-seed"]) == (0.001, 2, 7)
    assert (shown["builder-optimizer"], shown["builder-limit"]) == ("sgd", 500)
    assert (shown["builder-nesterov"], shown["builder-momentum"], shown["builder-validation"]) == (
        True,
        0.5,
        25,
    )
    at.toggle(Key.PREDICT).set_value(True).run()
    (asked,) = [group for group in at.get("button_group") if "first **no**" in group.label]
    assert not at.get("page_link")  # neither a finding nor its experiment before an answer
    assert len(asked.options) == 5
    asked.set_value("to none of them: every answer is yes").run()
    assert "Not quite" in at.error[0].value
    assert any("learning rate of 0.001" in link.proto.label for link in at.get("page_link"))
    at = open_app("train/doctor", link={Key.PART: "Examine a run", Key.RULES: "true"})
    assert len(at.dataframe[0].value) == len(RULES)
