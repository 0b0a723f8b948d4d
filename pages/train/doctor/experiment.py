"""A run with one change, as a link to the Builder: its network, its data, and every setting that the Builder has."""

from cnn_core.doctor.rules.base import Experiment
from cnn_core.runs.history import Run
from pages.ui.network.training import link_of


def builder_link(run: Run, experiment: Experiment) -> dict[str, str]:
    """The link's parameters."""
    layers = run.architecture.layers if experiment.layers is None else experiment.layers
    return link_of(layers, {**run.settings.to_dict(), **experiment.settings})
