"""Draw and watch the network read it after every stroke."""

from cnn_core.data.drawing import preprocess_drawing
from pages.play.draw import drawing, reading
from pages.play.draw.keys import Key
from pages.ui.models import pick_model
from pages.ui.page import header, source

header(
    "Draw",
    "At every move of the pen the network reads what is on the paper, whatever it is.",
    reserve={Key.PAD: drawing.HEIGHT},
)
chosen = pick_model()
if chosen is not None and not drawing.fits(chosen):
    drawing.unfit(chosen)
elif chosen is not None:
    drawing.play(chosen)
source(preprocess_drawing)
if chosen is not None:
    reading.warm_up(chosen)
