"""The builder page as a student uses it: edit, break, repair, undo, train, take the code."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_core import limits
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import history, records, speed
from cnn_core.runs.forecast import duration, forecast
from cnn_core.runs.jobs import JobManager, using
from cnn_core.runs.ownership import NOT_YOURS, OF_THE_SERVER, NotYours, owner_of
from cnn_core.training import rate_search
from cnn_core.training.design import Design
from cnn_core.training.design import write as write_design
from cnn_core.training.rate_finder import Tried, read
from cnn_core.training.settings import SETTINGS, TrainSettings
from pages.train.builder import failing
from pages.train.builder.keys import Key
from pages.train.builder.training_settings import MORE, SEEN
from pages.ui.keys import Shared
from pages.ui.network.keys import NetworkKey, TrainingKey
from pages.ui.network.training import KEYS
from pages.ui.run_names import run_key
from pages.ui.words import percent, sentence
from tests.conftest import BROWSER
from tests.support.component_message import unpack
from tests.support.opening import app_at
from tests.support.own_runs import STARTED, write_run
from tests.support.thread_launcher import ThreadLauncher, queue_of_threads, wait

APP = str(Path(__file__).parents[3] / "app.py")
WRONG = "conv8-pool2-flatten-conv8-linear10"


@pytest.fixture
def launcher():
    """Training in threads of this process, by a queue of the test's own."""
    with queue_of_threads():
        yield


@pytest.fixture
def app(launcher):
    """The page as opened from the menu, on a machine that has the built-in digits only."""
    return app_at("train/builder").run()


def line(at):
    return at.session_state[NetworkKey.NETWORK]


def cards(at):
    (strip,) = (c for c in at.get("bidi_component") if c.proto.component_name.endswith("layer_strip"))
    return unpack(strip.proto.bytes)["cards"]


def write(at, text):
    return at.text_input(key=NetworkKey.NETWORK).set_value(text).run()


def preset(at, name):
    at.session_state[Key.PRESETS] = True  # opened: they are there only then
    at.run()
    at.sidebar.button(key=edit(f"preset-{name}")).click().run()


def edit(name):
    return f"{Key.EDIT}-{name}"


def points(chart):
    """What a chart draws."""
    (table,) = chart.proto.datasets
    return pa.ipc.open_stream(table.data.data).read_pandas()


def test_opens_on_the_keras_network_with_its_numbers(app):
    assert not app.exception
    assert line(app) == "conv32-relu-pool2-conv64-relu-pool2-conv64-relu-flatten-linear64-relu-linear10"
    shown = {card["name"]: card for card in cards(app)}
    assert shown["conv2"]["shape"] == "64×11×11"
    assert shown["conv2"]["parameters"] == "18,496"
    assert any("93,322 parameters" in text.value for text in app.markdown)


def test_a_setting_changes_shape_parameters_and_arithmetic(app):
    app.sidebar.number_input(key=edit("out_channels")).set_value(16).run()
    app.sidebar.number_input(key=edit("kernel_size")).set_value(5).run()
    assert line(app).startswith("conv16_k5-relu")
    assert cards(app)[1]["shape"] == "16×24×24"
    assert any("5×5×1×16 + 16 = 416 parameters" in text.value for text in app.markdown)
    app.sidebar.selectbox(key=edit("padding")).set_value("same").run()
    assert cards(app)[1]["shape"] == "16×28×28"


def test_add_move_copy_remove_undo_redo(app):
    write(app, "conv8-flatten-linear10")
    app.sidebar.selectbox(key=Key.ADD).set_value("ReLU").run()
    assert line(app) == "conv8-relu-flatten-linear10"
    assert app.session_state[NetworkKey.LAYER] == 1
    app.sidebar.button(key=edit("up")).click().run()
    assert line(app) == "relu-conv8-flatten-linear10"
    app.sidebar.button(key=edit("down")).click().run()
    app.sidebar.button(key=edit("copy")).click().run()
    assert line(app) == "conv8-relu-relu-flatten-linear10"
    app.sidebar.button(key=edit("remove")).click().run()
    app.sidebar.button(key=edit("remove")).click().run()
    assert line(app) == "conv8-relu-linear10"
    app.sidebar.button(key=edit("Undo")).click().run()
    assert line(app) == "conv8-relu-flatten-linear10"
    app.sidebar.button(key=edit("Redo")).click().run()
    assert line(app) == "conv8-relu-linear10"


def test_whatever_replaces_a_network_can_be_undone(app):
    write(app, "conv8-flatten-linear10")
    write(app, "conv8-what")  # not understood: it replaces nothing
    assert len(app.session_state[NetworkKey.PAST]) == 1
    app.session_state[NetworkKey.NETWORK] = "flatten-linear10"  # as Back, or a link, does
    app.run()
    preset(app, "lenet5")
    for expected in ("flatten-linear10", "conv8-flatten-linear10"):
        app.sidebar.button(key=edit("Undo")).click().run()
        assert line(app) == expected
    app.sidebar.button(key=edit("Undo")).click().run()
    assert line(app).startswith("conv32-relu-pool2")
    assert app.sidebar.button(key=edit("Undo")).disabled


def test_a_preset_that_fails_sets_network_and_settings_and_undo_brings_both_back(app):
    app.number_input(key=TrainingKey.EPOCHS).set_value(7).run()
    before = line(app)
    preset(app, "rate-too-high")
    assert line(app) == "conv8-relu-pool2-conv16-relu-pool2-flatten-linear10"
    rate = app.number_input(key=TrainingKey.LEARNING_RATE)
    assert (rate.value, app.number_input(key=TrainingKey.EPOCHS).value) == (1.0, 3)
    assert any("above ln 10 = 2.30" in warning.value for warning in app.warning)
    app.sidebar.button(key=edit("Undo")).click().run()
    rate = app.number_input(key=TrainingKey.LEARNING_RATE)
    assert (line(app), rate.value, app.number_input(key=TrainingKey.EPOCHS).value) == (before, 0.004, 7)
    assert not any("on purpose" in warning.value for warning in app.warning)
    app.sidebar.button(key=edit("Redo")).click().run()
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 1.0
    preset(app, "lenet5")  # one that works takes what fails away, and undo brings that back too
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 0.004
    app.sidebar.button(key=edit("Undo")).click().run()
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 1.0


def said_after_training(app, failing_preset: str) -> str:
    """What the page says once a preset that fails on purpose has trained."""
    preset(app, failing_preset)
    app.button(key=Key.TRAIN).click().run()
    run_id = app.session_state[Shared.RUN]
    wait(lambda: history.read(records.run_path(run_id)).status == "finished")
    app.run()
    return "\n".join(text.value for text in app.markdown)


def test_what_happened_in_a_run_that_fails_on_purpose_is_said(app):
    said = said_after_training(app, "zero-weights")
    assert "**What to look for.** The loss stays at ln 10 = 2.30" in said
    assert "**What happened in this run.** The network learned nothing. The training loss of the best" in said
    assert "All filters of conv1 are the same" in said


def test_a_run_that_does_not_fail_as_it_was_to_is_said_to(app, monkeypatch):
    """As 500 of the built-in digits, which are too easy to be learned by heart alone."""
    monkeypatch.setattr(failing, "findings_in", lambda run: ())
    said = said_after_training(app, "too-much-pooling")
    assert "**What happened in this run.** Not that" in said
    assert "“Is enough of the map left behind the poolings?”" in said


def test_the_settings_of_a_layer_have_its_values_as_their_defaults(launcher):
    """What the browser sends of a widget that it came to know by a later run than the one that set the value."""
    at = app_at("train/builder")
    at.query_params[NetworkKey.NETWORK] = "conv6_k5_s3_p2-flatten-linear10"
    at.run()
    for _ in range(2):
        fields = {box.key: box.proto.default for box in at.sidebar.number_input}
        padding = next(box for box in at.sidebar.selectbox if box.key == edit("padding"))
        assert [fields[edit(name)] for name in ("out_channels", "kernel_size", "stride")] == [6, 5, 3]
        assert padding.options[padding.proto.default] == "2"
        at.run()


def test_a_layer_that_comes_back_brings_its_settings_whatever_the_browser_had_there(launcher):
    at = app_at("train/builder")
    at.query_params[NetworkKey.NETWORK] = "conv16-flatten-linear10"
    at.run()
    at.sidebar.button(key=edit("remove")).click().run()
    assert edit("out_channels") not in {box.key for box in at.sidebar.number_input}
    at.sidebar.button(key=edit("Undo")).click().run()
    (field,) = (box.proto for box in at.sidebar.number_input if box.key == edit("out_channels"))
    assert field.set_value
    assert field.value == field.default == 16


def test_what_keeps_the_shape_stands_narrow_and_blocks_do_not(app):
    write(app, "conv8-bn-relu-residual8-separable8_psame-flatten-linear10")
    shown = {card["name"]: (card.get("changed"), card.get("parameters")) for card in cards(app)}
    assert shown["batch_norm1"] == (False, "16")
    assert shown["relu1"] == (False, "")
    assert [shown[name][0] for name in ("conv1", "residual1", "separable1", "linear1")] == [True] * 4
    app.sidebar.selectbox(key=Key.ADD).set_value("Residual").run()
    assert "residual32" in line(app)
    app.sidebar.selectbox(key=Key.ADD).set_value("SeparableConv2d").run()
    assert "separable" in line(app)


def opened(at, name, data):
    """Put a file into the uploader of the open popover."""
    at.session_state[Key.SHARE] = True
    at.run()
    (uploader,) = at.sidebar.get("file_uploader")
    uploader.upload(name, data, "application/json").run()
    assert not at.exception


def test_a_network_goes_as_a_file_and_a_link_and_comes_back(app):
    preset(app, "rate-too-high")
    app.session_state[Key.SHARE] = True
    app.run()
    link = parse_qs(app.sidebar.code[0].value.partition("?")[2])
    assert link[NetworkKey.NETWORK] == [line(app)]
    assert link[TrainingKey.LEARNING_RATE] == ["1.0"]
    design = Design(
        Architecture((3, 32, 32), (Flatten(), Linear(10)), 10),
        TrainSettings("digits", optimizer="sgd", batch_size=100, seed=3),
    )
    opened(app, "mine.json", write_design(design).encode())
    assert line(app) == "flatten-linear10"
    assert app.selectbox(key=TrainingKey.OPTIMIZER).value == "sgd"
    assert app.number_input(key=TrainingKey.SEED).value == 3
    assert app.session_state[TrainingKey.BATCH_SIZE] == 128
    (toast,) = app.toast
    assert "Batch size: 100 is not offered" in toast.value
    assert "made for images of 3×32×32; Digits has 1×28×28" in toast.value
    app.sidebar.button(key=edit("Undo")).click().run()
    assert line(app).startswith("conv8-relu-pool2-conv16")
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 1.0
    assert app.selectbox(key=TrainingKey.OPTIMIZER).value == "adam"


def test_a_file_that_is_no_network_changes_nothing_and_is_told(app):
    before = line(app)
    opened(app, "photo.json", b"\x89PNG")
    assert line(app) == before
    assert "photo" in app.sidebar.error[0].value
    assert "no readable JSON" in app.sidebar.error[0].value
    layers = [{"type": "Warp"}]
    opened(app, "n.json", json.dumps({"input_shape": [1, 28, 28], "classes": 10, "layers": layers}).encode())
    assert "Warp" in app.sidebar.error[0].value
    layers = [{"type": "Conv2d", "out_channels": 4}, {"type": "Linear", "out_features": 10}]
    opened(app, "n.json", json.dumps({"input_shape": [1, 28, 28], "classes": 10, "layers": layers}).encode())
    assert line(app) == "conv4-linear10"  # it cannot work, and the page says why
    assert "needs a vector" in next(card["problem"] for card in cards(app) if card["name"] == "linear1")


def test_a_click_before_the_browser_heard_of_a_change_does_not_take_it_back(app, monkeypatch):
    before = line(app)
    preset(app, "lenet5")
    write(app, before)  # the field as that browser still has it
    assert line(app).startswith("conv6_k5_p2")
    monkeypatch.setattr("pages.ui.network.state.LATE", 0.0)  # later it is somebody who pastes it
    write(app, before)
    assert line(app) == before


def test_presets(app):
    preset(app, "lenet5")
    assert line(app).startswith("conv6_k5_p2-tanh-avgpool2-conv16_k5")
    assert any("61,706 parameters" in text.value for text in app.markdown)


def test_a_layer_that_cannot_work_is_named_and_repaired(app):
    write(app, WRONG)
    wrong = [card["name"] for card in cards(app) if card.get("problem")]
    assert wrong == ["conv2"]
    assert any("gets a vector of 1,352 values" in text.value for text in app.markdown)
    assert app.button(key=Key.TRAIN).disabled
    assert not app.info  # no "Press Train" where it cannot be pressed
    assert any("**The first 3 of 5 layers**" in text.value for text in app.markdown)
    app.button(key=Key.REPAIR).click().run()
    assert any("**All 5 layers**" in text.value for text in app.markdown)
    assert [info.value for info in app.info] == [
        "Press Train: loss and accuracy will grow here, batch by batch."
    ]
    assert line(app) == "conv8-pool2-conv8-flatten-linear10"
    assert not any(card.get("problem") for card in cards(app))
    assert not app.button(key=Key.TRAIN).disabled


def test_repairing_again_and_again_ends_in_a_network(app):
    write(app, "flatten-conv0-pool9-softmax-conv8_k15-linear64-relu-dropout2")
    for _ in range(20):
        if not app.button(key=Key.TRAIN).disabled:
            break
        app.button(key=Key.REPAIR).click().run()
    assert not app.button(key=Key.TRAIN).disabled
    assert not any(card.get("problem") for card in cards(app))


def test_a_line_that_is_not_understood_leaves_the_network(app):
    write(app, "conv8-flatten-linear10")
    write(app, "conv8-flattn-linear10")
    assert "“flattn” is no layer" in app.error[0].value
    assert [card["name"] for card in cards(app)] == ["input", "conv1", "flatten1", "linear1"]


def test_no_layers_at_all(app):
    write(app, "")
    assert any("does not end in one output" in text.value for text in app.markdown)
    app.button(key=Key.REPAIR).click().run()
    assert line(app) == "flatten-linear10"


def test_a_batch_too_large_for_memory_is_refused(app):
    write(app, "conv640_psame-pool28-flatten-linear10")
    app.selectbox(key=TrainingKey.BATCH_SIZE).set_value(1024).run()
    assert app.button(key=Key.TRAIN).disabled
    sentence = "A batch of 1,024 would need too much memory for this network; at most 993."
    assert app.button(key=Key.TRAIN).help == sentence


def captions(at):
    return [caption.value for caption in at.caption]


def test_how_long_a_training_takes_stands_beside_train_and_far_too_long_disables_it(app):
    speed.note(1.0, 2.0)
    app.run()
    settings = TrainSettings(dataset="digits")
    seconds = forecast(PRESETS["mnist-3conv"].architecture(), settings).seconds
    assert f"About {duration(seconds)} on this machine." in captions(app)
    assert not app.button(key=Key.TRAIN).disabled
    with limits.using(minutes=0.75 * seconds / 60):
        app.run()
        (words,) = (words for words in captions(app) if words.startswith("About"))
        assert re.fullmatch(
            r"About \d+ s on this machine; at most \d+ s here: it will be stopped then, with its best weights\.",
            words,
        )
        assert not app.button(key=Key.TRAIN).disabled
    app.number_input(key=TrainingKey.EPOCHS).set_value(200).run()
    with limits.using(minutes=0.75 * seconds / 60):
        app.run()
        (words,) = (words for words in captions(app) if words.startswith("About"))
        assert words.endswith("s here: take fewer epochs, fewer images or a smaller network.")
        assert app.button(key=Key.TRAIN).disabled
        assert app.button(key=Key.TRAIN).help == words


def test_a_run_that_needs_more_disk_than_a_visitor_has_is_refused_with_what_to_do(app):
    with limits.using(run_mb=10):
        write(app, "flatten-linear1000-relu-linear10")
        assert app.button(key=Key.TRAIN).disabled
        assert "at most 10 MB a run here. Take a network with fewer parameters." in " ".join(captions(app))
    with limits.using(visitor_mb=10):
        app.run()
        assert app.button(key=Key.TRAIN).disabled
        (words,) = (words for words in captions(app) if words.startswith("Your runs take"))
        assert words.startswith("Your runs take 0 MB of the 10 MB of disk that a visitor may have here")
        assert words.endswith("Delete some of your runs, or take a smaller network.")
    app.run()
    assert not app.button(key=Key.TRAIN).disabled


def test_a_run_whose_time_is_up_says_so_with_its_scores(app):
    speed.note(1.0, 0.001)  # a machine so fast that nothing is too long
    write(app, "conv4_s2-relu-flatten-linear10")
    app.number_input(key=TrainingKey.EPOCHS).set_value(200).run()
    with limits.using(minutes=0.05):
        app.button(key=Key.TRAIN).click().run()
        run_id = app.session_state[Shared.RUN]
        wait(lambda: not history.read(records.run_path(run_id)).active)
    app.run()
    (words,) = (words for words in captions(app) if words.startswith("Stopped after"))
    assert words.startswith(
        "Stopped after 0.05 min of training, the most that a run may take on this server."
    )
    assert re.search(r"Stopped at \d+\u00a0%\.$", words)
    assert app.subheader[0].value.endswith("right")


def test_a_server_that_only_shows_says_so_and_disables_train():
    with limits.using(training="off"), using(JobManager(ThreadLauncher())):
        at = AppTest.from_file(APP, default_timeout=300).run()
        assert limits.SHOWS_ONLY in [words.value for words in at.markdown]
        at.switch_page("pages/train/builder/page.py").run()
        assert at.button(key=Key.TRAIN).disabled
        assert at.button(key=Key.TRAIN).help == limits.SHOWS_ONLY
        assert captions(at).count(limits.SHOWS_ONLY) == 1
        assert not at.info  # said once
        assert "Your runs" not in [one.proto.popover.label for one in at.get("popover")]
        assert not at.exception


def test_code_of_the_network(app):
    app.query_params[Key.EXPORT] = "true"  # a link with the code open
    write(app, "conv8-flatten-linear10")
    assert '("conv1", nn.Conv2d(1, 8, kernel_size=3))' in app.code[0].value
    app.segmented_control(key=Key.CODE).set_value("Keras").run()
    assert "layers.Conv2D(8, 3)," in app.code[0].value


def test_train_watch_and_go_on_to_the_filters(app):
    write(app, "conv4_s2-relu-flatten-linear10")
    app.number_input(key=TrainingKey.EPOCHS).set_value(2).run()
    app.button(key=Key.TRAIN).click().run()
    run_id = app.session_state[Shared.RUN]
    wait(lambda: not history.read(records.run_path(run_id)).active)
    app.run()
    run = history.read(records.run_path(run_id))
    assert run.status == "finished"
    assert [heading.value for heading in app.subheader] == [f"{percent(run.test['accuracy'], 2)} right"]
    assert run.test["images"] == 355
    loss, accuracy, *_ = (points(chart) for chart in app.get("vega_lite_chart"))
    assert loss[loss.curve == "validation"].value.tolist() == [
        epoch["validation_loss"] for epoch in run.epochs
    ]
    assert accuracy[accuracy.curve == "validation"].epoch.tolist() == [1, 2]
    assert accuracy[accuracy.curve == "training"].epoch.iloc[-1] == 2
    links = {link.proto.label: link.proto.query_string for link in app.main.get("page_link")}
    assert parse_qs(links["Filters"]) == {Shared.MODEL: [run_key(run_id)]}
    assert links.keys() == {"Filters", "Feature maps", "Confusion matrix", "Repeat it with one change"}


def test_whoever_clears_the_caches_leaves_the_queue_as_it_is(app):
    write(app, "conv4_s2-relu-flatten-linear10")
    app.number_input(key=TrainingKey.EPOCHS).set_value(200).run()
    app.button(key=Key.TRAIN).click().run()
    run_id = app.session_state[Shared.RUN]
    st.cache_resource.clear()
    st.cache_data.clear()
    with limits.using(queue_per_visitor=1):
        app.run()
    assert app.button(key=Key.TRAIN).disabled  # it is still known that a run trains
    (stop,) = (button for button in app.button if button.label in ("Stop", "Cancel"))
    stop.click().run()
    wait(lambda: history.read(records.run_path(run_id)).status == "stopped")


def test_a_full_disk_is_told_on_the_page(app, monkeypatch):
    monkeypatch.setattr(JobManager, "trouble", "The disk takes nothing. Free some space.")
    app.run()
    assert [warning.value for warning in app.warning] == ["The disk takes nothing. Free some space."]


def test_the_link_of_a_run_shows_it_and_why_it_failed(app):
    architecture = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    path = records.create(architecture, TrainSettings(dataset="digits", epochs=1), "linear")
    records.append(
        path, {"type": "failed", "reason": "the loss stopped being a number at step 3 of Epoch_1."}
    )
    app.query_params[Shared.RUN] = path.name
    app.run()
    assert app.error[0].value == "The loss stopped being a number at step 3 of Epoch_1."
    app.query_params[Shared.RUN] = "../nowhere"
    app.run()
    assert "is not a run's id" in app.error[0].value


@pytest.fixture
def run_folder():
    """A run that was only asked for."""
    architecture = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    return records.create(architecture, TrainSettings(dataset="digits", epochs=1), "linear")


def test_a_run_that_is_deleted_while_it_is_watched_is_a_sentence(launcher, run_folder):
    def poll():
        import shutil

        import streamlit as st

        from cnn_core.runs import records
        from pages.train.builder import training_view
        from pages.ui.keys import Shared

        path = records.run_path(st.session_state["watched"])
        if path.exists():
            st.session_state[Shared.RUN] = path.name
            stage = training_view._stage(training_view.live.read(path.name))
            shutil.rmtree(path)
            training_view._view(path.name, stage)  # as the browser's timer runs it
        else:
            training_view.training_view(path.name)

    at = AppTest.from_function(poll, default_timeout=300)
    at.session_state["watched"] = run_folder.name
    at.run()
    assert not at.exception
    assert [error.value for error in at.error] == [f"There is no run '{run_folder.name}' on this machine."]
    assert Shared.RUN not in at.session_state


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("metrics.json", b'{"accuracy": 1}\x80'),
        ("metrics.json", b'{"accuracy": "much"}'),
        ("spec.json", b"[" * 100_000),
        ("spec.json", b'{"title": "t"}'),
        ("events.jsonl", None),
    ],
)
def test_a_damaged_run_is_named_and_the_page_stands(app, run_folder, name, contents):
    if contents is None:
        (run_folder / name).mkdir()
    else:
        (run_folder / name).write_bytes(contents)
    app.query_params[Shared.RUN] = run_folder.name
    app.run()
    assert not app.exception
    assert app.error[0].value.startswith(f"The run '{run_folder.name}' cannot be read: {name} is damaged")
    assert str(run_folder.parent) not in app.error[0].value
    assert cards(app)


@pytest.mark.parametrize(
    ("accuracy", "loss", "said"),
    [
        (0.1, 134.0, "The loss is 58 times that of guessing"),
        (0.1, 2.3, "Train for more epochs"),
        (0.1, None, "The loss is no number"),
        (0.9, 0.3, None),
    ],
)
def test_a_run_that_learned_nothing_says_so_and_what_to_try(app, run_folder, accuracy, loss, said):
    matrix = [[10 if column == row else 0 for column in range(10)] for row in range(10)]
    scores = {"accuracy": accuracy, "macro_f1": 0.5, "loss": loss, "images": 100, "confusion_matrix": matrix}
    (run_folder / records.METRICS).write_text(json.dumps(scores))
    records.append(run_folder, {"type": "finished", "accuracy": accuracy, "macro_f1": 0.5})
    app.query_params[Shared.RUN] = run_folder.name
    app.run()
    assert not app.exception
    warnings = [warning.value for warning in app.warning]
    assert len(warnings) == (said is not None)
    assert said is None or said in warnings[0]


def test_a_waiting_run_says_when_it_will_start(app, monkeypatch, run_folder):
    records.append(run_folder, {"type": "queued"})
    monkeypatch.setattr(JobManager, "position", lambda self, run_id: 2)
    monkeypatch.setattr(JobManager, "before", lambda self, run_id: (["a"], ["b"]))
    monkeypatch.setattr("cnn_core.runs.time_left._left", {"a": 40.0, "b": 110.0}.__getitem__)
    app.query_params[Shared.RUN] = run_folder.name
    app.run()
    (said,) = (info.value for info in app.info if info.value.startswith("Waiting"))
    assert said == "Waiting in the queue. 2 runs are before it: about 2 min 30 s until it starts."


def test_a_rate_is_chosen_by_factors(app):
    app.button(key=f"{TrainingKey.LEARNING_RATE}-up").click().run()
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 0.005
    for expected in (0.002, 0.001, 0.0005):
        app.button(key=f"{TrainingKey.LEARNING_RATE}-down").click().run()
        assert app.number_input(key=TrainingKey.LEARNING_RATE).value == expected
    assert app.button(key=f"{TrainingKey.LEARNING_RATE}-down").help == "Smaller: 0.0002"


def test_while_it_trains_the_strip_is_low_until_a_layer_is_touched(app, run_folder):
    def small():
        (strip,) = (c for c in app.get("bidi_component") if c.proto.component_name.endswith("layer_strip"))
        return unpack(strip.proto.bytes)["small"]

    assert not small()
    records.append(run_folder, {"type": "failed", "reason": "The worker ended."})
    app.query_params[Shared.RUN] = run_folder.name
    app.run()
    assert small()
    app.sidebar.selectbox(key=NetworkKey.LAYER).set_value(3).run()
    assert not small()
    assert app.query_params[NetworkKey.LAYER] in ("3", ["3"])
    assert app.session_state[NetworkKey.PICKED] == 3


def test_a_network_over_a_limit_is_said_to_be_too_large_not_broken(app):
    """It works; only this server does not allow it."""
    with limits.using(parameters=20_000):
        write(app, "conv8-pool2-flatten-linear64-relu-linear10")
        assert [(card["name"], card["said"]) for card in cards(app) if card.get("problem")] == [
            ("linear1", "too large")
        ]
        smaller = "Make the network smaller first: it is larger than this server allows."
        assert smaller in captions(app)
        assert app.button(key=Key.TRAIN).help == smaller
        assert any("The limit is 20,000" in text.value for text in app.markdown)
        app.button(key=Key.REPAIR).click().run()
        assert not app.button(key=Key.TRAIN).disabled
    write(app, "conv8-pool2-linear10")
    assert [card["said"] for card in cards(app) if card.get("problem")] == ["cannot work"]
    assert "Repair the network first: a layer cannot work." in captions(app)


def test_torchs_own_message_stands_where_typed_inputs_do_not_fit_and_one_press_repairs(app):
    write(app, "conv8-pool2-flatten-linear64_i512-relu-linear10")
    said = "mat1 and mat2 shapes cannot be multiplied (1x1352 and 512x64)"
    assert any(said in text.value for text in app.markdown)
    assert [card["name"] for card in cards(app) if card.get("problem")] == ["linear1"]
    app.button(key=Key.REPAIR).click().run()
    assert line(app) == "conv8-pool2-flatten-linear64_i1352-relu-linear10"
    assert not app.button(key=Key.TRAIN).disabled


def test_the_optimizer_brings_its_usual_learning_rate(app):
    app.selectbox(key=TrainingKey.OPTIMIZER).set_value("sgd").run()
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 0.1
    app.number_input(key=TrainingKey.LEARNING_RATE).set_value(0.02).run()
    app.selectbox(key=TrainingKey.OPTIMIZER).set_value("adamw").run()
    assert app.number_input(key=TrainingKey.LEARNING_RATE).value == 0.02  # chosen by hand: kept


def shown_settings(at):
    """The settings that have a widget now, by name."""
    keys = {name: KEYS[name] for name in (*SEEN, *(name for names in MORE.values() for name in names))}
    assert keys == KEYS
    widgets = {w.key: w for w in (*at.selectbox, *at.slider, *at.number_input, *at.checkbox)}
    return {name: widgets[key] for name, key in keys.items() if key in widgets}


def test_every_widget_of_a_setting_has_its_range_and_its_default(app):
    seen = {}
    for name, key in (("optimizer", TrainingKey.OPTIMIZER), ("schedule", TrainingKey.SCHEDULE)):
        for value in SETTINGS[name].choices:
            app.selectbox(key=key).set_value(value).run()
            found = shown_settings(app)
            own = {other for other in found if name in SETTINGS[other].only}
            assert own == {other for other, one in SETTINGS.items() if value in one.only.get(name, ())}
            seen |= {other: found[other] for other in own}
        app.selectbox(key=key).set_value(SETTINGS[name].default).run()
    for name, widget in (seen | shown_settings(app)).items():
        setting = SETTINGS[name]
        assert widget.label.startswith(setting.label)
        if setting.kind is bool:
            assert widget.value == setting.default
        elif setting.choices:
            assert (widget.options, widget.value) == (list(setting.choices.values()), setting.default)
        elif setting.offered:
            assert len(widget.options) == len(setting.offered)
            assert widget.value == setting.default
        else:
            scale = 100 if name == "validation_fraction" else 1  # shown in percent
            limits = (widget.min, widget.max, widget.step, widget.value)
            expected = (setting.low, setting.high, setting.step, setting.default)
            assert limits == pytest.approx([scale * value for value in expected]), name


def test_a_link_sets_the_rare_settings_and_those_that_its_optimizer_does_not_read_stay_away(launcher):
    at = app_at("train/builder")
    link = {
        TrainingKey.OPTIMIZER: "SGD",
        TrainingKey.NESTEROV: "true",
        TrainingKey.MOMENTUM: "0.5",
        TrainingKey.BETA1: "0.2",
    }
    for key, value in link.items():
        at.query_params[key] = value
    at.run()
    found = shown_settings(at)
    assert (found["momentum"].value, found["nesterov"].value, "beta1" in found) == (0.5, True, False)


def test_changes_to_images_are_settings_and_the_first_ones_are_shown(app):
    assert not [part for part in app.expander if "as they are changed" in part.label]
    app.selectbox(key=NetworkKey.DATASET).set_value("digits").run()
    app.number_input(key=TrainingKey.SHIFT).set_value(3).run()
    (part,) = [part for part in app.expander if "as they are changed" in part.label]
    assert part.label == "Training images as they are changed"
    app.query_params[Key.CHANGES] = "true"
    app.session_state[Key.CHANGES] = True
    app.run()
    assert any("The first 6 images of the first batch, with seed 0." in text.value for text in app.caption)


@pytest.mark.parametrize("schedule", ["plateau", "constant"])
def test_the_new_learning_rate_of_a_run_has_the_settings_range_and_ends_its_schedule(app, schedule):
    architecture = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    settings = TrainSettings(dataset="digits", learning_rate=0.25, schedule=schedule)
    path = records.create(architecture, settings, "linear", owner=owner_of(BROWSER))
    records.append(
        path,
        {
            "type": "started",
            "epoch": 0,
            "step": 0,
            "images": 10,
            "steps_per_epoch": 1,
            "device": "CPU",
            "precision": "float32",
        },
    )
    app.query_params[Shared.RUN] = path.name
    app.run()
    rate, setting = app.number_input(key=Key.NEW_RATE), SETTINGS["learning_rate"]
    assert (rate.min, rate.max, rate.value) == (setting.low, setting.high, 0.25)
    assert ("It then stays there: the schedule ends." in captions(app)) == (schedule == "plateau")


def test_what_runs_by_a_timer_holds_no_other_fragment(app, run_folder):
    """Such a page went white on phones; so the curves' menu of files comes when the run has ended."""
    scores = {"loss": 2.0, "accuracy": 0.25}
    batch = {"type": "batch", "epoch": 0, "step": 1, "images_per_second": 1000.0, "learning_rate": 0.1}
    validation = {"validation_loss": 1.5, "validation_accuracy": 0.5}
    started = {"type": "started", "epoch": 0, "step": 0, "images": 10, "steps_per_epoch": 1}
    for event in (
        {**started, "device": "CPU", "precision": "float32"},
        {**batch, **scores},
        {"type": "epoch", "epoch": 0, "seconds": 0.5, "best": True, **scores, **validation},
    ):
        records.append(run_folder, event)
    app.query_params[Shared.RUN] = run_folder.name

    def menus():
        app.run()
        assert [e.label for e in app.expander if e.label == "Numbers of each epoch"]
        return [b for b in app.get("popover") if b.proto.popover.label == "Download"]

    assert menus() == []
    records.append(run_folder, {"type": "stopped", "reason": ""})
    assert len(menus()) == 1


def test_predict_first_hides_the_numbers_until_they_are_worked_out(app):
    write(app, "conv8_s2-relu-flatten-linear10")
    app.toggle(key=Key.GUESS).set_value(True).run()
    assert all("shape" not in card for card in cards(app)[1:])
    (shape,) = (box for box in app.text_input if box.label == "Output shape")
    shape.set_value("8x14x14").run()
    assert any("⌊(28 + 0 − 3) / 2⌋ + 1 = ?" in text.value for text in app.markdown)
    (shape,) = (box for box in app.text_input if box.label == "Output shape")
    shape.set_value("8 13 13").run()
    (count,) = (box for box in app.number_input if box.label == "Parameters")
    count.set_value(80).run()
    assert any("3×3×1×8 + 8 = 80" in text.value for text in app.markdown)
    assert cards(app)[1]["shape"] == "8×13×13"


ACTS = ("Pause", "Stop", "Cancel", "Resume", "Leave the queue", "Use it from the next batch on")


def acts(at):
    """What the page lets a visitor do to a run."""
    return [button.label for button in at.button if button.label in ACTS]


@pytest.mark.parametrize(
    ("events", "own"),
    [
        ([], ["Cancel"]),
        ([STARTED], ["Pause", "Stop", "Use it from the next batch on"]),
        ([STARTED, {"type": "paused"}], ["Resume"]),
        ([STARTED, {"type": "interrupted"}], ["Resume"]),
        ([STARTED, {"type": "failed", "reason": "why"}], []),
    ],
)
@pytest.mark.parametrize("whose", ["own", "another", "nobody"])
def test_only_its_own_browser_has_buttons_for_a_run(app, monkeypatch, events, own, whose):
    monkeypatch.setattr(JobManager, "position", lambda self, run_id: 0)
    browser = {"own": BROWSER, "another": "another-browser", "nobody": None}[whose]
    app.query_params[Shared.RUN] = write_run(*events, browser=browser).name
    app.run()
    assert not app.exception
    assert acts(app) == (own if whose == "own" else [])
    said = [caption.value for caption in app.caption]
    assert (NOT_YOURS in said, OF_THE_SERVER in said) == (whose == "another", whose == "nobody")


def test_the_admin_has_the_buttons_too(app):
    app.query_params[Shared.RUN] = write_run(STARTED, {"type": "paused"}, browser="another-browser").name
    app.session_state[Shared.ADMIN] = True
    app.run()
    assert acts(app) == ["Resume"]
    assert NOT_YOURS not in [caption.value for caption in app.caption]


def test_an_act_that_the_page_should_not_have_offered_is_refused_by_the_queue(app, browser_secret):
    """The button was drawn for the owner; pressed, the session is another browser's."""
    path = write_run(STARTED, {"type": "paused"})
    app.query_params[Shared.RUN] = path.name
    app.run()
    (resume,) = (button for button in app.button if button.label == "Resume")
    browser_secret("another-browser")
    resume.click().run()
    assert not app.exception
    assert [toast.value for toast in app.toast] == [sentence(str(NotYours(owner_of(BROWSER))))]
    assert history.read(path).status == "paused"


def test_a_visitor_trains_several_and_sees_the_newest_until_the_limit_is_reached(app):
    write(app, "flatten-linear10")
    app.number_input(key=TrainingKey.EPOCHS).set_value(200).run()
    runs = []
    for _ in range(limits.limits().queue_per_visitor):
        assert not app.button(key=Key.TRAIN).disabled
        app.button(key=Key.TRAIN).click().run()
        runs.append(app.session_state[Shared.RUN])
    assert len(set(runs)) == limits.limits().queue_per_visitor
    assert app.button(key=Key.TRAIN).disabled
    assert app.button(key=Key.TRAIN).help == (
        "You already have 3 runs in training or waiting, the most that one visitor may have here. "
        "Stop one, or wait until one has ended."
    )
    anew = AppTest.from_file(APP, default_timeout=300).run()
    anew.switch_page("pages/train/builder/page.py").run()
    assert anew.session_state[Shared.RUN] == runs[-1]


@pytest.mark.parametrize(
    "run", ["x" * 300, "a\0b", "![a](http://b/c.png)", "**a**", "..", "/etc/passwd", "~", "a/b"]
)
def test_a_link_to_no_run_is_one_sentence_without_the_servers_folders(app, convlens_home, run):
    app.query_params[Shared.RUN] = run
    app.run()
    assert not app.exception
    said = [error.value for error in app.error]
    assert len(said) <= 1
    assert not any(str(convlens_home) in text for text in said)
    assert all(text.endswith("is not a run's id.") or "There is no run" in text for text in said)
    assert cards(app)


def test_a_learning_rate_is_found_shown_and_used_by_one_click(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = [2.3] * 20 + [2.3 - 0.1 * step for step in range(15)] + [1.0, 2.0, 5.0, 9.0]
    rates = [1e-5 * 1.2**step for step in range(len(losses))]
    go = threading.Event()

    def tried(*_: object) -> Iterator[Tried]:
        yield from map(Tried, rates[:10], losses)
        go.wait(30)
        yield from map(Tried, rates[10:], losses[10:])

    monkeypatch.setattr(rate_search, "try_rates", tried)
    app.session_state[Key.FINDER] = True
    app.run()
    app.button(Key.FIND).click().run()
    search = app.session_state[Key.SEARCH][1]
    wait(lambda: len(search.tried) >= 10)
    assert search.state == "running"
    app.run()
    assert app.button(Key.FIND_CANCEL).label == "Cancel"
    go.set()
    wait(lambda: search.state == "done")
    app.run()
    found = read(search.tried)
    assert found.suggested is not None
    rate = float(f"{found.suggested:.2g}")
    assert any(f"**Suggestion: {rate:g}**" in one.value for one in app.markdown)
    app.button(Key.FIND_USE).click().run()
    assert app.number_input(TrainingKey.LEARNING_RATE).value == rate
    assert app.button(Key.FIND_USE).label == "In use"
    app.selectbox(TrainingKey.OPTIMIZER).set_value("sgd").run()
    assert any("other settings" in one.value for one in app.info)
    assert not app.exception
