"""What a network is called on a page."""

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.presets import preset_of
from pages.ui.words import count


def title(architecture: Architecture) -> str:
    """A name for the network: its preset's, or what it is made of."""
    preset = preset_of(architecture)
    if preset is not None:
        return preset.name
    convolutions = sum(layer.convolutions for layer in architecture.layers)
    kind = count(convolutions, "convolution") if convolutions else "no convolution"
    return f"{kind}, {count(architecture.parameters, 'parameter')}"
