"""Every setting of a training has its control on the Builder, and a link sets them all."""

from streamlit.testing.v1 import AppTest

from cnn_core.networks.presets import PRESETS
from cnn_core.ranges import Setting
from cnn_core.training.settings import SETTINGS, TrainSettings
from pages.train.builder.training_settings import MORE, SEEN
from pages.ui.network.training import KEYS, link_of
from tests.support.opening import open_app

# The dataset is the network's too; the device is the server's.
NOT_SHOWN = {"dataset", "device"}


def other(setting: Setting) -> object:
    """A value that is not the usual one."""
    if setting.kind is bool:
        return not setting.default
    options = [one for one in (*setting.choices, *setting.offered) if one not in (None, setting.default)]
    if options:
        return options[-1]
    assert setting.high is not None
    step = setting.step or 0
    return round(setting.default + (step if setting.default + step <= setting.high else -step), 9)


def test_every_setting_has_a_key_and_a_place_on_the_builder() -> None:
    assert set(SETTINGS) - set(KEYS) == NOT_SHOWN
    shown = [*SEEN, *(name for names in MORE.values() for name in names)]
    assert sorted(shown) == sorted(KEYS)
    assert {name for name in SETTINGS if not SETTINGS[name].rare} >= set(SEEN)


def test_a_link_sets_them_all() -> None:
    wanted = {name: other(SETTINGS[name]) for name in KEYS}
    settings = TrainSettings.from_dict({**wanted, "dataset": "digits"}).to_dict()
    link = link_of(PRESETS["lenet5"].hidden, settings)
    at: AppTest = open_app("train/builder", link=link)
    read = [name for name in KEYS if SETTINGS[name].is_read(settings)]
    assert len(read) > 20
    for name in read:
        value = at.session_state[KEYS[name]]
        assert (value / 100 if name == "validation_fraction" else value) == wanted[name], name
