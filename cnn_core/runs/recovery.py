"""What processes that died leave behind, put right by the next server: ends nobody wrote down, files half written.

Nothing here may keep a server from starting, nor make it wait for thousands of runs: those that were there when it
began are looked at one after another beside it, and each at the latest when somebody asks for it.
"""

import logging
import threading
from pathlib import Path

from filelock import Timeout

from cnn_core.files import half_written, home, is_file, is_folder, remove_left_behind
from cnn_core.runs import deletion, endings, records
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.unhurried import unhurried

CUT_SHORT = "It was cut off: its server or training process ended."
_LOG = logging.getLogger(__name__)
_mutex = threading.Lock()
# Runs that were there when a server began, and have not been looked at since.
_unseen: dict[Path, Endings] = {}


def begin(ended: Endings, removals: Removals) -> threading.Thread:
    """Look at all runs that are there now, in a thread that is returned; what cannot be written stays with `ended`.

    Those whose process is dead become interrupted: they keep what they have and can be resumed. Those that were deleted
    are removed, or stay with `removals`.
    """
    found = sorted(_folders(records.runs_home()), reverse=True)  # the newest first
    with _mutex:
        _unseen.update(dict.fromkeys(found, ended))
    thread = threading.Thread(target=_all, args=(found, removals), name="recovery", daemon=True)
    thread.start()
    return thread


def look_at(path: Path) -> None:
    """See to it that the run in `path` was looked at, before anything is told of it."""
    if path not in _unseen:
        return
    with _mutex:  # whoever asks meanwhile waits until it is written
        if path in _unseen:
            try:
                _unseen[path].write(endings.interrupted(path, CUT_SHORT))
            except Exception:  # whatever one damaged folder holds
                _LOG.exception("run %s cannot be looked at", path.name)
            del _unseen[path]


def _all(found: list[Path], removals: Removals) -> None:
    for path in unhurried(found):
        look_at(path)
    for path in _deleted():
        removals.add(path)
    clear_up()


def _deleted() -> list[Path]:
    """The folders of runs that were deleted, and that could not be removed before their server ended."""
    found = []
    try:
        for folder in records.runs_home().iterdir():
            try:
                if deletion.marked(folder):
                    found.append(folder)
            except OSError:
                _LOG.warning("whether run %s was deleted cannot be seen", folder.name)
    except FileNotFoundError:
        pass  # not made yet
    except OSError:
        _LOG.exception("the folder of runs cannot be read; deleted runs are not looked for")
    return found


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
                remove_left_behind(folder, unused=is_file(path / records.SPEC))
    except Timeout:
        for folder in folders:
            remove_left_behind(folder)
    except OSError:
        _LOG.exception("run %s could not be cleared up", path.name)


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if is_folder(path) and not path.name.startswith(".")]
    except FileNotFoundError:
        return []  # not made yet
    except OSError:
        _LOG.exception("%s cannot be read; what was left there is not looked for", parent.name)
        return []
