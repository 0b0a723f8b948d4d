"""The command that makes a trained network again, from what it is and how it was trained."""

import shlex

from cnn_core.data import catalog
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.presets import preset_of
from cnn_core.training.settings import TrainSettings

PROGRAM = "python -m cnn_core.train"
ALWAYS = ("epochs", "seed")  # said even where they are the default: everybody asks for them


def train_command(architecture: Architecture, settings: TrainSettings) -> str:
    """The line for a terminal: dataset, network, epochs, seed, and every setting that is not the usual one.

    Empty where the command line has no words for the network: one for other images than the dataset's, or with a
    setting that its line cannot hold.
    """
    network = _network(architecture, settings.dataset)
    if network is None:
        return ""
    words = [*PROGRAM.split(), "--dataset", settings.dataset, *network]
    usual = TrainSettings().to_dict()
    for name, value in settings.to_dict().items():
        if name == "dataset" or (name not in ALWAYS and value == usual[name]):
            continue
        words.append(f"--{name.replace('_', '-')}")
        if not isinstance(value, bool):  # one that is on is said by its option alone
            words.append(str(value))
    return shlex.join(words)


def _network(architecture: Architecture, dataset: str) -> list[str] | None:
    info = catalog.info(dataset)
    height, width, channels = info.shape
    if architecture.input_shape != (channels, height, width) or architecture.classes != len(info.classes):
        return None
    preset = preset_of(architecture)
    if preset is not None:
        return ["--preset", preset.name]
    try:
        line = shorthand.to_text(architecture.layers)
        return ["--network", line] if shorthand.from_text(line) == architecture.layers else None
    except ArchitectureError:  # a value that a line cannot hold
        return None
