"""Exported trainings of MNIST and CIFAR-10, run as they are on the real images: what torchvision reads, and the score.

The app's spread is that of test_script.py, over 10,000 test images. Measured with two epochs and four seeds, when the
file drew an order of its own: MNIST 87.8 to 89.8 % by the app, 87.6 to 89.4 % by the file; CIFAR-10 38.7 to 40.0 % and
38.8 to 40.2 %.
"""

import math
import re
from pathlib import Path

import pytest

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import TrainSettings
from cnn_core.training.source.script import training_script
from tests.conftest import REAL_HOME
from tests.support import torchvision_files
from tests.unit.training.source.test_script import app_score

pytestmark = pytest.mark.usefixtures("one_thread")
NETWORKS = {
    "mnist": ((1, 28, 28), "conv8-relu-pool-flatten-linear10", False),
    "cifar10": ((3, 32, 32), "conv8_s2-bn-relu-conv16_s2-bn-relu-flatten-linear10", True),
}


def settings(dataset: str, seed: int) -> TrainSettings:
    wanted = {
        "train_limit": 2000,
        "batch_size": 32,
        "epochs": 1,
        "validation_fraction": 0.05,
        "device": "cpu",
    }
    return TrainSettings.from_dict({"dataset": dataset, "seed": seed, **wanted})


@pytest.mark.parametrize("dataset", NETWORKS)
def test_it_reaches_the_apps_score_on_the_real_images(
    dataset: str, convlens_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = REAL_HOME / "data" / dataset
    if not (real / "x_train.npy").is_file():
        pytest.skip(f"needs the real {dataset} in {REAL_HOME / 'data'}; the README says how to get it")
    (convlens_home / "data").mkdir(parents=True)
    (convlens_home / "data" / dataset).symlink_to(real)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    shape, line, module = NETWORKS[dataset]
    architecture = Architecture(shape, shorthand.from_text(line), 10)
    scores = [app_score(architecture, settings(dataset, seed)) for seed in range(3)]
    error = 3 * math.sqrt(max(score * (1 - score) for score in scores) / 10_000)

    folder = tmp_path / "exported"
    torchvision_files.lay_out(dataset, real, folder)
    source = training_script(architecture, settings(dataset, 0), module=module)
    (folder / "network.py").write_text(source, encoding="utf-8")
    said = torchvision_files.run(dataset, folder)
    tested = re.search(r"test: loss [\d.]+, ([\d.]+)% right", said)
    assert tested is not None
    assert min(scores) - error <= float(tested[1]) / 100 <= max(scores) + error, scores
    assert said.count("validation loss") == 1
