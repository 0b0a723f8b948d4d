"""What is set for the whole process."""

import resource
import subprocess
import sys

import pytest

from tests.server.conftest import ROOT
from tests.support.socket_client import Closed, connect


def test_there_are_files_enough_for_all_tabs():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096));"
        "from server import process; process.prepare(300); print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert hard >= 4096 or hard == resource.RLIM_INFINITY
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout) == 6 * 300 + 512


def test_a_system_without_such_limits_is_made_ready_too():
    """As Windows is."""
    code = (
        "import sys; sys.modules['resource'] = None; from server import process; print(process.prepare(300))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("None\n", "")


def send_and_listen(tab, frame):
    """Raises Closed where the server ends the connection."""
    for _ in range(3):
        tab.send(frame)
        tab.receive(5)


def test_a_frame_of_many_megabytes_is_not_taken_in(served):
    before = served.memory()
    for _ in range(5):
        with connect(served.port, "home") as tab, pytest.raises(Closed, match="1009"):
            send_and_listen(tab, bytes(50_000_000))
    assert served.memory() < before + 60
