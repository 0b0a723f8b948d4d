"""A network, and how it is trained, as one JSON file: written, and read as a stranger wrote it, trusting nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cnn_core import typed_json
from cnn_core.arrays import not_allowed
from cnn_core.networks import json_form, shorthand
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.training.settings import SettingsError, TrainSettings
from cnn_core.typed_json import JsonError

MOST_BYTES = 100_000  # of a file: 64 layers with all their settings are some 10,000


class DesignError(ValueError):
    """A file that is no network; the message says what is wrong with it, as a sentence for the page."""


@dataclass(frozen=True)
class Design:
    """A network, and the settings of its training where the file has them."""

    architecture: Architecture
    settings: TrainSettings | None = None


def write(design: Design) -> str:
    """The file's text: `architecture` as in `json_form`, and `training` with every setting but the device."""
    made: dict[str, object] = {"architecture": json_form.write(design.architecture)}
    if design.settings is not None:
        training = design.settings.to_dict()
        del training["device"]
        made["training"] = training
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def read(data: bytes) -> Design:
    """What a file of `write` says; the network alone, as `json_form.write` has it, will do.

    A network that cannot work is a network: `repairs.problems` says why. Raises `DesignError` where the file is too
    long, no JSON, or describes no network.
    """
    if len(data) > MOST_BYTES:
        raise DesignError(not_allowed("The file", f"{len(data):,} bytes long", f"{MOST_BYTES:,} at most"))
    try:
        value = typed_json.parse(data)
    except JsonError as error:
        raise DesignError(f"The file is no network: {error}.") from error
    if not isinstance(value, Mapping):
        raise DesignError("The file is no network: it holds no object with the key 'architecture'.")
    try:
        if "architecture" not in value:
            return Design(_network(value))
        unknown = sorted(set(value) - {"architecture", "training"})
        if unknown:
            raise DesignError(
                f"The file has the unknown key {unknown[0][:40]!r}; known are architecture, training."
            )
        training = value.get("training")
        if training is None:
            return Design(_network(value["architecture"]))
        if not isinstance(training, Mapping):
            raise DesignError(not_allowed("training", f"a {type(training).__name__}", "an object with keys"))
        return Design(_network(value["architecture"]), TrainSettings.from_dict(training))
    except (ArchitectureError, SettingsError) as error:
        raise DesignError(str(error)) from error


def _network(description: object) -> Architecture:
    architecture = json_form.read(description)
    # The Builder keeps its network as a line: what no line can say, no page could show.
    line = shorthand.to_text(architecture.layers)
    try:
        same = shorthand.from_text(line) == architecture.layers
    except ArchitectureError:
        same = False
    if not same:
        raise ArchitectureError("A setting of a layer is negative or has too many digits.")
    return architecture
