"""What one run may take while it trains: its worker is told, and keeps to it."""

from dataclasses import dataclass

from cnn_core.limits import MEGABYTE, limits
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import kept_weights
from cnn_core.runs.events import Train
from cnn_core.training.settings import TrainSettings


@dataclass(frozen=True)
class Allowed:
    """Minutes of training over all its resumes, and megabytes of disk; None, as on a command line: all it needs."""

    minutes: float | None = None
    megabytes: int | None = None

    def too_long(self, seconds: float) -> str:
        """Why a run that has trained for so long ends, as a sentence; empty where it may go on."""
        if self.minutes is None or seconds < 60 * self.minutes:
            return ""
        return (
            f"Stopped after {self.minutes:g} min of training, the most that a run may take on this server."
            " To train longer, run ConvLens on your own machine."
        )

    def epochs_kept(self, architecture: Architecture, settings: TrainSettings) -> int | None:
        """How many epochs' weights the run keeps: see `kept_weights`; None: all."""
        if self.megabytes is None:
            return None
        return max(1, kept_weights.most_epochs(architecture, settings, self.megabytes * MEGABYTE))

    def steps_kept(self, architecture: Architecture, settings: TrainSettings) -> int:
        """After how many of its first batches the run keeps its weights: see `kept_weights`."""
        if self.megabytes is None:
            return kept_weights.MOST_STEPS
        return kept_weights.most_steps(architecture, settings, self.megabytes * MEGABYTE)


NO_LIMITS = Allowed()


def told(run: str) -> Train:
    """What a worker of the dashboard is told to begin with."""
    return {"do": "train", "run": run, "minutes": limits().minutes, "megabytes": limits().run_mb}


def heard(message: Train) -> Allowed:
    """What the run of this message may take."""
    return Allowed(message.get("minutes"), message.get("megabytes"))
