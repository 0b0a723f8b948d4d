"""A trained network as an ONNX file, by torch's own exporter: for programs that know no torch.

The exporter needs the packages in `requirements-onnx.txt`, which nothing else does. It runs in a process of its own
(`python -m cnn_core.runs.onnx_file FOLDER FILE`): it takes seconds, hundreds of megabytes, and changes torch's inside
while it works.
"""

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

NEEDED = ("onnx", "onnxscript")
HOW_TO_GET = "ONNX needs two packages more: `pip install -r requirements-onnx.txt`, then restart the server."
INPUT, OUTPUT = "images", "logits"
SECONDS = 120.0
_ONE_AT_A_TIME = threading.Lock()
_FOLDER = Path(__file__).parents[2]


class OnnxError(RuntimeError):
    """A network that could not be written as ONNX; the message is a sentence."""


def available() -> bool:
    """Whether the exporter's packages are installed; they are not imported."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def export(folder: Path) -> bytes:
    """The network in a model's folder as ONNX, its weights in the file.

    Its input `images` is float32 `(N, C, H, W)` in 0..1, N any number, its output `logits` `(N, K)`. Raises `OnnxError`
    where the packages are missing, another is exported for too long, or the network cannot be.
    """
    if not available():
        raise OnnxError(HOW_TO_GET)
    if not _ONE_AT_A_TIME.acquire(timeout=SECONDS):
        raise OnnxError("Others export networks just now. Try again in a minute.")
    try:
        with TemporaryDirectory() as place:
            file = Path(place) / "model.onnx"
            command = [sys.executable, "-m", "cnn_core.runs.onnx_file", str(folder.resolve()), str(file)]
            subprocess.run(command, cwd=_FOLDER, check=True, timeout=SECONDS, capture_output=True)
            return file.read_bytes()
    except (subprocess.SubprocessError, OSError) as error:
        raise OnnxError("The network could not be written as ONNX.") from error
    finally:
        _ONE_AT_A_TIME.release()


def write(folder: Path, file: Path) -> None:
    """Write the network in `folder` to `file`, in this process."""
    import torch

    from cnn_core import checkpoints

    checkpoint = checkpoints.load(folder)
    example = torch.zeros(2, *checkpoint.card.architecture.input_shape)
    torch.onnx.export(
        checkpoint.model,
        (example,),
        file,
        dynamo=True,
        external_data=False,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
        verbose=False,
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
