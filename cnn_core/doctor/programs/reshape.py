"""The axes of pictures are given other lengths instead of another order."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="reshape",
    title="reshape instead of permute",
    aim="Train on digits in coloured ink, channels first.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

torch.manual_seed(0)
digits = datasets.load("digits")
ink = torch.rand(2000, 1, 1, 3)  # a colour for each digit

def prepare(pictures):
    x = torch.tensor(pictures) / 255 * ink[: len(pictures)]  # N, H, W, C
    return {blank}

x, x_test = prepare(digits.x_train), prepare(digits.x_test)
y = torch.tensor(digits.y_train).long()
model = nn.Sequential(
    nn.Conv2d(3, 8, 5, stride=2),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(288, 10),
)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for images, labels in 2 * list(zip(x.split(50), y.split(50))):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
answers = model(x_test).argmax(1).numpy()
accuracy = float((answers == digits.y_test).mean())
print(f"last loss {loss:.3f}, {accuracy:.1%} of {len(answers)} test images right")
""",
    blank=Lines(
        ("x.reshape(-1, 3, 28, 28)", "x.transpose(1, 3)", "x.permute(0, 3, 1, 2)", "x.view(-1, 3, 28, 28)")
    ),
    broken="x.reshape(-1, 3, 28, 28)",
    right="x.permute(0, 3, 1, 2)",
    beside=(14, 22, 24),
    cause=(
        "`reshape` reads the same numbers in the same order and only cuts them elsewhere: what was red, "
        "green, blue of one pixel become three neighbours. The shape is right, the picture is scrambled, and "
        "nothing complains. `transpose(1, 3)` has the right channels, but height and width exchanged: a "
        "mirrored picture."
    ),
    shows=True,
)
