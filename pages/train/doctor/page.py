"""Doctor: programs that are broken, with what PyTorch says of them, and a run examined by rules."""

from cnn_core.doctor.examination import examine
from cnn_core.doctor.looking import case_of
from cnn_core.doctor.programs import Program, run
from pages.train.doctor import broken, examination
from pages.train.doctor.keys import Key
from pages.ui.controls import open_part
from pages.ui.page import header, source

header(
    "Doctor",
    "Every fault leaves a trace: an error, a shape, a number. **Read it**, change one thing, run it again.",
)
open_part({"Break it and fix it": broken.show, "Examine a run": examination.show}, Key.PART)
source(run, Program.filled, case_of, examine)
