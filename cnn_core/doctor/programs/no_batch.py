"""One image is given where a batch is expected."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="no-batch",
    title="Missing batch axis",
    aim="Ask the network about a single image.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

digits = datasets.load("digits")
x = torch.tensor(digits.x_train).permute(0, 3, 1, 2) / 255
model = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(1568, 10),
)
images = {blank}
logits = model(images)
print(f"logits of shape {tuple(logits.shape)}")
""",
    blank=Lines(("x[0]", "x[0, 0]", "x[0:1]", "x[:, 0]")),
    broken="x[0]",
    right="x[0:1]",
    beside=(6, 8, 9),
    cause=(
        "A convolution takes one image without its batch axis and says nothing. `Flatten()` keeps axis 0, "
        'thinking that it is the batch: 8 maps become 8 "images" of 196 values. Keep the axis (`x[0:1]`) or '
        "put it back (`x[0].unsqueeze(0)`)."
    ),
    error="mat1 and mat2 shapes cannot be multiplied (8x196 and 1568x10)",
)
