"""A run with one change, as a link to the Builder: its network, its data, and every setting that the Builder has."""

from cnn_core.data import catalog
from cnn_core.doctor.rules.base import Experiment
from cnn_core.networks import shorthand
from cnn_core.runs.history import Run
from cnn_core.training.settings import SETTINGS
from pages.ui.network.keys import NetworkKey

# The Builder's parameter for each setting; a test holds them against the Builder's own.
PARAMETERS = {
    "optimizer": "builder-optimizer",
    "learning_rate": "builder-rate",
    "batch_size": "builder-batch",
    "epochs": "builder-epochs",
    "momentum": "builder-momentum",
    "nesterov": "builder-nesterov",
    "beta1": "builder-beta1",
    "beta2": "builder-beta2",
    "alpha": "builder-alpha",
    "eps": "builder-eps",
    "clip_norm": "builder-clip",
    "initialization": "builder-first",
    "schedule": "builder-schedule",
    "warmup_share": "builder-warmup",
    "decay_epochs": "builder-decay-epochs",
    "decay_factor": "builder-decay-factor",
    "plateau_patience": "builder-plateau",
    "final_share": "builder-final",
    "early_stopping": "builder-early",
    "patience": "builder-patience",
    "validation_fraction": "builder-validation",
    "stratified": "builder-stratified",
    "train_limit": "builder-limit",
    "seed": "builder-seed",
    "weight_decay": "builder-decay",
    "label_smoothing": "builder-smoothing",
    "shift": "builder-shift",
    "rotate": "builder-rotate",
    "zoom": "builder-zoom-images",
    "flip": "builder-flip",
    "brightness": "builder-brightness",
    "noise": "builder-noise",
    "cutout": "builder-cutout",
}


def builder_link(run: Run, experiment: Experiment) -> dict[str, str]:
    """The link's parameters. All settings stand in it: what it left out would stay as it was set there before."""
    values = {**run.settings.to_dict(), **experiment.settings}
    layers = run.architecture.layers if experiment.layers is None else experiment.layers
    link = {
        str(NetworkKey.NETWORK): shorthand.to_text(layers),
        str(NetworkKey.DATASET): catalog.title(run.settings.dataset),
    }
    return link | {
        key: _text(name, values[name]) for name, key in PARAMETERS.items() if SETTINGS[name].is_read(values)
    }


def _text(name: str, value: object) -> str:
    """A setting as the Builder's control has it in a link."""
    setting = SETTINGS[name]
    if name == "train_limit":
        return "all images" if value is None else f"{value:,} images"
    if name == "validation_fraction" and isinstance(value, float):
        return str(round(100 * value))
    if isinstance(value, bool):
        return str(value).lower()
    if setting.offered and isinstance(value, int | float):
        known = [one for one in setting.offered if isinstance(one, int | float)]
        value = min(known, key=lambda one: abs(one - float(str(value))))
    return setting.choices.get(str(value), str(value))
