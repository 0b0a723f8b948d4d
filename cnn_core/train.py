"""The same training as on the dashboard, from the command line.

python -m cnn_core.train --dataset mnist --preset mnist-3conv --epochs 1 --seed 0 --out DIR
"""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_core import checkpoints
from cnn_core.data import catalog
from cnn_core.data.datasets import load
from cnn_core.data.downloads import download
from cnn_core.judge.guessing import no_better_than_guessing
from cnn_core.limits import LimitsError
from cnn_core.networks import repairs, shorthand
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.presets import PRESETS
from cnn_core.ranges import Setting
from cnn_core.runs import history, records
from cnn_core.runs.events import Epoch, Event
from cnn_core.runs.history import Run
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.records import RunError
from cnn_core.training import allocator, memory
from cnn_core.training.settings import SETTINGS, SettingsError, TrainSettings

if TYPE_CHECKING:
    from tqdm import tqdm


def parser() -> argparse.ArgumentParser:
    """The command line's options; the defaults are those of `TrainSettings`."""
    p = argparse.ArgumentParser(
        prog="python -m cnn_core.train", description="Train a network and score it on the test set."
    )
    network = p.add_mutually_exclusive_group()
    network.add_argument("--preset", choices=list(PRESETS), default="mnist-3conv")
    network.add_argument(
        "--network", metavar="LINE", help="layers as one line, such as conv32-relu-pool2-flatten-linear10"
    )
    for setting in SETTINGS.values():
        _add_option(p, setting)
    p.add_argument(
        "--out", type=Path, default=None, help="the run's folder; a new one under CONVLENS_HOME by default"
    )
    p.add_argument(
        "--resume",
        action="store_true",
        help="go on with the run in --out that was paused, or cut short by Ctrl-C, a kill or a full disk: the same"
        " command with --resume; network and settings are those it began with",
    )
    p.add_argument(
        "--export",
        type=Path,
        default=None,
        help="also write weights and card to this folder, as models/<name> has them",
    )
    p.add_argument("--download", action="store_true", help="download the dataset where it is missing")
    return p


def _add_option(p: argparse.ArgumentParser, setting: Setting) -> None:
    """The option of one setting. What it may be is checked by `TrainSettings`, in the words of every other way in."""
    option = f"--{setting.name.replace('_', '-')}"
    if setting.kind is bool:
        p.add_argument(option, action="store_true", help=f"{setting.label}. {setting.help}")
    elif setting.name == "dataset":
        p.add_argument(option, choices=[info.name for info in catalog.all_infos()], default=setting.default)
    else:
        p.add_argument(
            option,
            type=setting.read,
            default=setting.default,
            metavar=f"{{{','.join(setting.choices)}}}" if setting.choices else setting.name.upper(),
            help=f"{setting.label}: {setting.allowed}. {setting.help}".replace("%", "%%"),
        )


def main(argv: Sequence[str] | None = None, inbox: Inbox | None = None) -> int:
    """Train; prints a progress bar and the test scores. Returns 0 when finished, 1 when failed, 2 for wrong words.

    With an `inbox`, Ctrl-C and the system's signals to end save the run, which `--resume` goes on with.
    """
    arguments = parser().parse_args(argv)
    try:
        architecture, settings = asked(arguments)
        memory.check_batch(architecture, settings.batch_size)
        begun = _cut_short(arguments.out) if arguments.resume else None
        if begun is not None:
            settings = begun.settings
        if arguments.download:
            download(settings.dataset, None)
        load(settings.dataset)
    except (SettingsError, ArchitectureError, LimitsError, RunError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except catalog.DatasetError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1

    from tqdm import tqdm

    from cnn_core.runs.execution import execute

    if begun is None and arguments.out is not None and (arguments.out / records.SPEC).exists():
        print(
            f"error: {arguments.out} already holds a run; name another folder with --out, or go on with it:"
            " --resume.",
            file=sys.stderr,
        )
        return 2
    path = begun.path if begun else records.create(architecture, settings, path=arguments.out)
    if inbox is not None:
        inbox.hang_up_on_signals()
    with tqdm(unit="img", unit_scale=True, dynamic_ncols=True, disable=None) as bar:
        run = execute(path, inbox or Inbox(), listener=lambda event: _show(bar, event, settings))
    if run.test is None or run.status != "finished":
        print(f"error: {run.reason}", file=sys.stderr)
        if run.resumable:
            print(f"go on with it: --out {shlex.quote(str(path))} --resume", file=sys.stderr)
        return 1
    for epoch in run.epochs:
        print(_epoch_line(epoch))
    if run.reason:
        print(run.reason)
    test = run.test
    print(
        f"test: accuracy {test['accuracy']:.4f}, macro F1 {test['macro_f1']:.4f},"
        f" loss {_number(test['loss'])}, {test['images']} images"
    )
    if advice := no_better_than_guessing(test, settings.learning_rate):
        print(f"note: {advice}")
    print(f"run: {path}")
    if arguments.export is not None:
        _export(path, arguments.export)
        print(f"model: {arguments.export}")
    return 0


def _cut_short(out: Path | None) -> Run:
    """The run in `out`, to go on with. Raises `RunError` where there is none, it has ended, or another trains it."""
    if out is None:
        raise RunError("--resume goes on with the run in a folder; name it with --out.")
    run = history.read(out)
    if not run.resumable and not run.active:
        raise RunError(
            f"the run in {out} is {run.status}; only one that was paused or cut short can be resumed."
        )
    if not records.abandoned(out):
        raise RunError(f"another process has the run in {out}.")
    return run


def asked(arguments: argparse.Namespace) -> tuple[Architecture, TrainSettings]:
    """The network and the settings that the options name.

    Raises `SettingsError` where a setting is out of range, `ArchitectureError` where the network cannot work.
    """
    options = vars(arguments)
    settings = TrainSettings.from_dict({name: options[name] for name in SETTINGS})
    info = catalog.info(settings.dataset)
    height, width, channels = info.shape
    if arguments.network is None:
        preset = PRESETS[arguments.preset]
        return preset.architecture((channels, height, width), len(info.classes)), settings
    layers = shorthand.from_text(arguments.network)
    architecture = Architecture((channels, height, width), layers, len(info.classes))
    if found := repairs.problems(architecture):
        raise ArchitectureError(found[0].message)
    return architecture, settings


def _show(bar: "tqdm", event: Event, settings: TrainSettings) -> None:
    if event["type"] == "started":
        bar.total = event["images"] * settings.epochs
        bar.write(
            f"{event['device']}, {event['precision']}, {event['images']} images to train on", file=sys.stdout
        )
    elif event["type"] == "batch":
        position = event["epoch"] * bar.total // settings.epochs + event["step"] * settings.batch_size
        bar.set_postfix(
            epoch=event["epoch"] + 1, loss=event["loss"], accuracy=event["accuracy"], refresh=False
        )
        bar.update(min(position, bar.total) - bar.n)


def _epoch_line(epoch: Epoch) -> str:
    line = f"epoch {epoch['epoch'] + 1}: loss {_number(epoch['loss'])}, accuracy {_number(epoch['accuracy'])}"
    if epoch["validation_accuracy"] is not None:
        line += (
            f", validation loss {_number(epoch['validation_loss'])},"
            f" accuracy {_number(epoch['validation_accuracy'])}"
        )
    return f"{line}, {epoch['seconds']:.1f} s"


def _number(value: float | None) -> str:
    """A score with four places; a dash where a run of old wrote down that it was no number."""
    return "–" if value is None else f"{value:.4f}"


def _export(run: Path, target: Path) -> None:
    card = checkpoints.read_card(run)
    weights = checkpoints.load_weights(run / card.weights)
    checkpoints.save(target, weights, replace(card, name=target.name, weights="weights.safetensors"))


if __name__ == "__main__":
    if os.environ.get("GLIBC_TUNABLES") is None and sys.platform == "linux":
        # The allocator reads its settings before main: start again with them.
        os.execve(
            sys.executable,
            [sys.executable, "-m", "cnn_core.train", *sys.argv[1:]],
            {**os.environ, **allocator.ENVIRONMENT},
        )
    sys.exit(main(inbox=Inbox()))
