"""A network that was trained on 0 to 1 is asked with 0 to 255."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="not-normalized",
    title="Inputs not normalized",
    aim="Train on values from 0 to 1, then read the test images.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

torch.manual_seed(0)
digits = datasets.load("digits")
x = torch.tensor(digits.x_train).permute(0, 3, 1, 2) / 255
y = torch.tensor(digits.y_train).long()
model = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2),
    nn.Tanh(),
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
images = torch.tensor(digits.x_test).permute(0, 3, 1, 2).float()
images = {blank}
answers = model(images).argmax(1).numpy()
accuracy = float((answers == digits.y_test).mean())
print(f"last loss {loss:.3f}, {accuracy:.1%} of {len(answers)} test images right")
""",
    blank=Lines(("images", "images / 255", "images / 255 / 255", "images / 127.5 - 1")),
    broken="images",
    right="images / 255",
    beside=(13, 18, 20),
    cause=(
        "The weights were learned for values from 0 to 1. 255 times as large, every sum is far out where tanh"
        " is flat: of each feature only the sign is left. Divided twice, only the biases count. A network of "
        "ReLU alone would hide the fault: it scales along. Prepare test images exactly as training images "
        "were."
    ),
    shows=True,
)
