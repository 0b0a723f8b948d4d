"""How long a training will take, before it begins: what a step and a scored image cost, from the network's counts.

A step costs a fixed part, a part for each layer, and parts that grow with multiply-adds, with values kept and with
parameters; the figures were fitted to 64 trainings (16 networks, batches of 16 to 512, Adam and SGD) on two cores with
AVX-512 bf16, which they meet within a factor of about 2. Another machine is so many times as slow, see `runs.speed`.
"""

import math
from dataclasses import dataclass

from cnn_core import machine
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import TrainSettings

START_SECONDS = 2.0  # reading the images, building the network, compiling


@dataclass(frozen=True)
class Costs:
    """Seconds that something takes: each time, for a layer, for 10^9 multiply-adds, 10^6 values, 10^6 parameters."""

    each: float
    layer: float
    macs: float
    values: float
    parameters: float

    def seconds(self, architecture: Architecture, images: float) -> float:
        """For so many images at once."""
        return (
            self.each
            + self.layer * len(architecture.layers)
            + self.macs * architecture.macs * images / 1e9
            + self.values * architecture.activation_values * images / 1e6
            + self.parameters * architecture.parameters / 1e6
        )


STEP = Costs(each=5.1e-4, layer=2.4e-4, macs=9.2e-3, values=1.6e-3, parameters=2.3e-3)
SCORED = Costs(each=4e-6, layer=0.0, macs=4.3e-3, values=6.5e-4, parameters=0.0)  # an image
# Guessed for a current GPU, where small networks wait for the kernels' launches; finished runs put it right.
STEP_ON_GPU = Costs(each=1e-3, layer=1.5e-4, macs=1e-4, values=2e-5, parameters=1e-4)
SCORED_ON_GPU = Costs(each=1e-6, layer=0.0, macs=4e-5, values=1e-5, parameters=0.0)


@dataclass(frozen=True)
class Images:
    """How many images a dataset has."""

    training: int
    test: int


def training_seconds(architecture: Architecture, settings: TrainSettings, images: Images) -> float:
    """What the batches and validations of all epochs take on the machine of the figures above."""
    step, scored = (STEP_ON_GPU, SCORED_ON_GPU) if _on_gpu(settings) else (STEP, SCORED)
    held_out = round(images.training * settings.validation_fraction)
    learned = images.training - held_out
    if settings.train_limit is not None:
        learned = min(learned, settings.train_limit)
    steps = max(1, math.ceil((learned - 1) / settings.batch_size))
    batch = min(settings.batch_size, learned)
    epoch = steps * step.seconds(architecture, batch) + held_out * scored.seconds(architecture, 1)
    return settings.epochs * epoch


def run_seconds(
    architecture: Architecture, settings: TrainSettings, images: Images, slowness: float
) -> float:
    """What a whole run takes on a machine that is `slowness` times as slow: its start, its epochs, its test images."""
    scored = SCORED_ON_GPU if _on_gpu(settings) else SCORED
    test = 2 * images.test * scored.seconds(architecture, 1)  # in float32, not in bfloat16
    return START_SECONDS + slowness * (training_seconds(architecture, settings, images) + test)


def _on_gpu(settings: TrainSettings) -> bool:
    return settings.device != "cpu" and bool(machine.gpus())
