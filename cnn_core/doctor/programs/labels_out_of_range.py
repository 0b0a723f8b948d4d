"""Labels are counted from 1, classes from 0."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="labels",
    title="Labels out of range",
    aim="The loss of 200 digits whose labels a list of ours counts from 1 to 10.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

digits = datasets.load("digits")
images = torch.tensor(digits.x_train[:200]).permute(0, 3, 1, 2) / 255
counted = torch.tensor(digits.y_train[:200]).long() + 1  # 1 to 10
labels = {blank}
model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(5408, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Lines(("counted", "counted.float()", "counted.unsqueeze(1)", "counted - 1")),
    broken="counted",
    right="counted - 1",
    beside=(6, 12, 15),
    cause=(
        "`CrossEntropyLoss` reads a label as the number of a logit, from 0 to 9 for ten of them; a label of "
        '10 has no logit. On a GPU the same fault is a "device-side assert", told much later. Look at '
        "`labels.min()` and `labels.max()` before training."
    ),
    error="Target 10 is out of bounds.",
)
