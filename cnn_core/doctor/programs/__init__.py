"""The broken programs: a file each, and its name in `PROGRAMS`.

May import `data`, and torch where a program runs.
"""

from cnn_core.doctor.programs import (
    channels,
    hwc,
    in_features,
    kernel_too_large,
    labels_out_of_range,
    no_batch,
    no_eval,
    no_flatten,
    no_zero_grad,
    not_normalized,
    reshape,
    softmax_twice,
)
from cnn_core.doctor.programs.base import BLANK, Lines, Program, Whole
from cnn_core.doctor.programs.running import Ran, Stop, run

__all__ = ["BLANK", "PROGRAMS", "Lines", "Program", "Ran", "Stop", "Whole", "run"]

# Those that end in an error first; then those that run, and are wrong.
PROGRAMS: dict[str, Program] = {
    module.PROGRAM.name: module.PROGRAM
    for module in (
        in_features,
        channels,
        hwc,
        kernel_too_large,
        no_flatten,
        no_batch,
        labels_out_of_range,
        reshape,
        softmax_twice,
        no_eval,
        no_zero_grad,
        not_normalized,
    )
}
