"""The queue's thread: launchers, workers and pipes that fail once or always, and the queue goes on."""

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, records
from cnn_core.runs.events import Message
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.launcher import LocalLauncher
from cnn_core.training.settings import TrainSettings
from tests.support.thread_launcher import ThreadLauncher, ThreadWorker, wait
from tests.support.visitors import ONE, TWO

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
SHORT = TrainSettings(dataset="digits", epochs=1, device="cpu")
LONG = TrainSettings(dataset="digits", epochs=200, device="cpu", batch_size=8)
ALWAYS = 10**9
NO_MEMORY = OSError(12, "Cannot allocate memory")


def read(run_id: str) -> history.Run:
    return history.read(records.run_path(run_id))


class Faulty(ThreadLauncher):
    """Fails the first times that it is asked: to launch, to warm, to send, or for a worker's status."""

    def __init__(self, failures: dict[str, int], error: Exception = NO_MEMORY) -> None:
        self.error, self.failures = error, failures
        self.asked: list[str] = []

    def fail(self, what: str) -> None:
        self.asked.append(what)
        if self.failures.get(what, 0) > 0:
            self.failures[what] -= 1
            raise self.error.with_traceback(None)

    def launch(self, slot: int) -> ThreadWorker:
        self.fail("launch")
        return FaultyWorker(self)

    def warm(self, slot: int) -> None:
        self.fail("warm")


class FaultyWorker(ThreadWorker):
    def __init__(self, launcher: Faulty) -> None:
        super().__init__()
        self.launcher = launcher

    def send(self, message: Message) -> None:
        self.launcher.fail("send")
        super().send(message)

    def exit_status(self) -> int | None:
        self.launcher.fail("status")
        return super().exit_status()


@pytest.mark.parametrize("error", [NO_MEMORY, RuntimeError("no node is free")])
@pytest.mark.parametrize("what", ["launch", "warm", "send", "status"])
def test_what_fails_once_is_tried_again(what: str, error: Exception) -> None:
    launcher = Faulty({what: 1}, error)
    manager = JobManager(launcher, slots=1)
    for owner in (ONE, TWO):
        run = manager.submit(owner, SMALL, SHORT)
        wait(lambda: read(run).status == "finished")  # noqa: B023 - waited for in the loop
    assert launcher.failures[what] == 0
    assert launcher.asked.count("warm") >= 2  # at the start, and after each run


@pytest.mark.parametrize("what", ["warm", "status"])
def test_runs_finish_though_no_worker_can_be_made_ready_or_asked(what: str) -> None:
    launcher = Faulty({what: ALWAYS})
    manager = JobManager(launcher, slots=2)
    for owner in (ONE, TWO):
        run = manager.submit(owner, SMALL, SHORT)
        wait(lambda: read(run).status == "finished")  # noqa: B023 - waited for in the loop
    launcher.failures.clear()


@pytest.mark.parametrize("what", ["launch", "send"])
def test_a_run_for_which_no_worker_can_be_started_fails_and_the_next_gets_its_turn(what: str) -> None:
    launcher = Faulty({what: 3})
    manager = JobManager(launcher, slots=1)
    first, second = manager.submit(ONE, SMALL, SHORT), manager.submit(TWO, SMALL, SHORT)
    wait(lambda: read(first).status == "failed")
    assert (
        read(first).reason
        == "No training process could be started (Cannot allocate memory). Try again in a while."
    )
    wait(lambda: manager.owned_by(ONE.owner) == [])
    wait(lambda: read(second).status == "finished")


def test_a_run_that_is_stopped_while_no_worker_can_be_started_leaves_the_queue() -> None:
    manager = JobManager(Faulty({"launch": 2}), slots=1)
    run = manager.submit(ONE, SMALL, LONG)
    manager.stop(ONE, run)
    wait(lambda: manager.owned_by(ONE.owner) == [])
    wait(lambda: not records.run_path(run).exists())


def test_a_command_that_could_not_be_sent_is_sent_again() -> None:
    launcher = Faulty({})
    manager = JobManager(launcher, slots=1)
    run = manager.submit(ONE, SMALL, LONG)
    wait(lambda: bool(read(run).batches))
    launcher.failures = {"send": 2}
    manager.set_learning_rate(ONE, run, 0.001)
    manager.stop(ONE, run)
    wait(lambda: read(run).status == "stopped")
    assert [rate["value"] for rate in read(run).learning_rates] == [0.001]


def test_the_servers_own_launcher_may_fail_to_warm_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def broken(self: LocalLauncher, slot: int) -> None:
        tried.append(slot)
        if len(tried) < 3:
            raise NO_MEMORY.with_traceback(None)

    monkeypatch.setattr(LocalLauncher, "warm", broken)
    monkeypatch.setattr(LocalLauncher, "launch", lambda self, slot: ThreadWorker())
    manager = JobManager(slots=1)
    run = manager.submit(ONE, SMALL, SHORT)
    wait(lambda: read(run).status == "finished")
    wait(lambda: len(tried) >= 3)


def test_a_worker_that_ends_without_a_word_leaves_a_run_to_be_resumed() -> None:
    class Dead(ThreadWorker):
        def send(self, message: Message) -> None:
            pass

        def exit_status(self) -> int | None:
            return 3

    class First(ThreadLauncher):
        dead = True

        def launch(self, slot: int) -> ThreadWorker:
            return Dead() if self.dead else ThreadWorker()

    launcher = First()
    manager = JobManager(launcher, slots=1)
    run = manager.submit(ONE, SMALL, SHORT)
    wait(lambda: read(run).status == "interrupted")
    assert read(run).reason == (
        "The training process ended with status 3 before it could finish."
        " It had saved nothing yet: resuming begins it again."
    )
    wait(lambda: manager.owned_by(ONE.owner) == [])
    launcher.dead = False
    manager.resume(ONE, run)
    wait(lambda: read(run).status == "finished")
