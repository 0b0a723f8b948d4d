"""What an experiment will take before it begins, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnn_core.files import megabytes
from cnn_core.limits import Limits
from cnn_core.networks import repairs
from cnn_core.networks.architecture import ArchitectureError
from cnn_core.runs.forecast import Forecast, duration, forecast
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.series import Planned, Series
from cnn_core.runs.time_left import seconds_until
from cnn_core.training import memory


@dataclass(frozen=True)
class Cost:
    """What runs that are still to be trained take, each on its own; `there` are trained already."""

    each: tuple[Forecast, ...]
    there: int

    @property
    def seconds(self) -> float:
        """All together."""
        return sum(one.seconds for one in self.each)

    @property
    def whole(self) -> Forecast:
        """As one run would say it: the longest one's time, everybody's disk."""
        return Forecast(
            max((one.seconds for one in self.each), default=0.0),
            all(one.measured for one in self.each),
            sum(one.bytes for one in self.each),
            max((one.least for one in self.each), default=0),
        )

    def refusal(self, most: Limits) -> str:
        """Why it cannot begin, and what to do, as a sentence; empty where it can."""
        runs = len(self.each) + self.there
        if runs > most.series_runs:
            return f"These are {runs} runs; an experiment may have {most.series_runs} here. Take fewer values or seeds."
        refused = next((reason for one in self.each if (reason := one.refusal(most))), "")
        if not refused and self.whole.bytes > most.visitor_bytes:
            return (
                f"Its runs would take up to {megabytes(self.whole.bytes)} of disk, of {megabytes(most.visitor_bytes)}"
                " that a visitor may have here. Take fewer of them, or a smaller network."
            )
        return refused

    def words(self) -> str:
        """How many runs it has and how long they will take, as a sentence."""
        if not self.each:
            return "All of it is trained already."
        number = "1 run" if len(self.each) == 1 else f"{len(self.each)} runs"
        beside = f", beside {self.there} that there is already" if self.there else ""
        where = (
            "on this machine" if self.whole.measured else "on a slow machine; this one is not measured yet"
        )
        return f"{number}{beside}: about {duration(self.seconds)} {where}, one after another."


def cost(runs: Sequence[Planned]) -> Cost:
    """What these runs take.

    Raises `ArchitectureError` for a network that cannot work, `memory.BatchError` for batches that it cannot learn
    from; both say which of the runs it is.
    """
    for one in runs:
        if problems := repairs.problems(one.architecture):
            raise ArchitectureError(f"{one.label}: {problems[0].message}")
        if wrong := memory.batch_problem(one.architecture, one.settings.batch_size):
            raise memory.BatchError(f"{one.label}: {wrong}")
    waiting = [one for one in runs if one.open]
    return Cost(tuple(forecast(one.architecture, one.settings) for one in waiting), len(runs) - len(waiting))


def seconds_left(series: Series, queue: JobManager) -> float:
    """The seconds until the last of its runs has ended, where nobody else comes in between."""
    left = sum(forecast(one.architecture, one.settings).seconds for one in series.runs if one.open)
    if (current := queue.series.current(series)) is not None:
        left += seconds_until([current], [])
        if queue.position(current):
            left += seconds_until(*queue.before(current))
    return left
