"""Doctor: programs that are broken, and what PyTorch says of them."""

from cnn_core.doctor.programs import Program, run
from pages.train.doctor import broken
from pages.ui.page import header, source

header(
    "Doctor",
    "Every fault leaves a trace: an error, a shape, a number. **Read it, repair the line**, run it again.",
)
broken.show()
source(run, Program.filled)
