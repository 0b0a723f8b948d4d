"""What processes that died leave behind, put right by the next server: ends nobody wrote down, files half written.

Nothing here may keep a server from starting.
"""

import logging
from pathlib import Path

from filelock import Timeout

from cnn_core.files import half_written, home, remove_left_behind
from cnn_core.runs import deletion, endings, records
from cnn_core.runs.endings import Ending

_LOG = logging.getLogger(__name__)


def recover() -> list[Ending]:
    """Mark the runs that a dead process left behind as interrupted; they keep what they have and can be resumed.

    Returns those that could not be marked, because the disk is full, say.
    """
    unwritten = []
    for path in _folders(records.runs_home()):
        ending = endings.interrupted(path, "The process that had this run ended before the run did.")
        try:
            endings.write(ending)
        except OSError:
            _LOG.exception("run %s could not be marked as interrupted; it is tried again", path.name)
            unwritten.append(ending)
        except Exception:  # whatever one damaged folder holds
            _LOG.exception("run %s cannot be looked at", path.name)
    return unwritten


def deleted() -> list[Path]:
    """The folders of runs that were deleted, and that could not be removed before their server ended."""
    try:
        return [folder for folder in records.runs_home().iterdir() if deletion.marked(folder)]
    except FileNotFoundError:
        return []  # not made yet
    except OSError:
        _LOG.exception("the folder of runs cannot be read; deleted runs are not looked for")
        return []


def clear_up() -> None:
    """Remove the files that killed processes left half written, in the folders of runs and of datasets."""
    for path in _folders(records.runs_home()):
        _clear_up_run(path)
    data = home() / "data"
    for folder in (data, *_folders(data)):
        remove_left_behind(folder)


def _clear_up_run(path: Path) -> None:
    folders = [folder for folder in (path, path / records.EPOCHS) if half_written(folder)]
    if not folders:
        return
    try:
        # Whoever writes to a run holds its lock, but for its spec.
        with records.lock(path).acquire(timeout=0):
            for folder in folders:
                remove_left_behind(folder, unused=(path / records.SPEC).is_file())
    except Timeout:
        for folder in folders:
            remove_left_behind(folder)
    except OSError:
        _LOG.exception("run %s could not be cleared up", path.name)


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except FileNotFoundError:
        return []  # not made yet
    except OSError:
        _LOG.exception("%s cannot be read; what was left there is not looked for", parent.name)
        return []
