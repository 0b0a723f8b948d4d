"""Gradients of all batches pile up."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="no-zero-grad",
    title="Gradients never zeroed",
    aim="Train a small network on the built-in digits.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

torch.manual_seed(0)
digits = datasets.load("digits")
x = torch.tensor(digits.x_train).permute(0, 3, 1, 2) / 255
y = torch.tensor(digits.y_train).long()
x_test = torch.tensor(digits.x_test).permute(0, 3, 1, 2) / 255
model = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(288, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for images, labels in 2 * list(zip(x.split(50), y.split(50))):
    {blank}
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
answers = model(x_test).argmax(1).numpy()
accuracy = float((answers == digits.y_test).mean())
print(f"last loss {loss:.3f}, {accuracy:.1%} of {len(answers)} test images right")
""",
    blank=Lines(("pass", "model.eval()", "x = x.detach()", "optimizer.zero_grad()")),
    broken="pass",
    right="optimizer.zero_grad()",
    beside=(9, 20, 23),
    cause=(
        "`backward()` adds to what is in `.grad`. Never emptied, every step goes along the sum of all "
        "gradients so far: it keeps its direction long after that is wrong, and grows."
    ),
)
