"""The dynamic graph: what autograd writes down while a network runs forward, so that gradients can find the way back.

Each operation on something that needs a gradient leaves a node with arrows to the nodes of what it read; a parameter's
node, `AccumulateGrad`, is where its gradient is added up. The graph is made anew in every forward pass. It is read
here from torch's own nodes (`grad_fn`, `next_functions`, `_saved_…`). Paszke and others, Automatic differentiation in
PyTorch (2017).
"""

import copy
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn_core.arrays import Floats, not_allowed

if TYPE_CHECKING:
    import torch
    from torch import nn

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """One node: torch's `name` for it, the dotted name of the innermost `module` that made it, "" for `forward` itself.

    `parameter` is the name of the parameter whose gradient is added up here, with its `shape`; "" for an operation.
    `saved` are the tensors kept for the way back, by name with their shapes; `reads` the nodes, by number, that a
    gradient goes on to, and `from_input` says that it read what needs no gradient: the images.
    """

    name: str
    module: str
    parameter: str
    shape: Shape
    saved: tuple[tuple[str, Shape], ...]
    reads: tuple[int, ...]
    from_input: bool = False

    @property
    def layer(self) -> str:
        """The child of the network that made it: "residual1" for a module in that block."""
        return self.module.partition(".")[0]

    @property
    def saved_values(self) -> int:
        """How many numbers it keeps."""
        return sum(int(np.prod(shape)) for _, shape in self.saved)


@dataclass(frozen=True)
class Graph:
    """The nodes of one forward pass in its order, parameters right before the first operation that reads them.

    `unused` are the network's parameters that no node leads to: they get no gradient from this pass.
    """

    nodes: tuple[Node, ...]
    unused: tuple[str, ...]

    @property
    def operations(self) -> int:
        """The nodes that are no parameters."""
        return sum(not node.parameter for node in self.nodes)

    @property
    def parameters(self) -> int:
        """The nodes at which a parameter's gradient is added up."""
        return len(self.nodes) - self.operations

    def of_layers(self) -> dict[str, int]:
        """How many nodes each child of the network made, in order; "" for its own `forward`."""
        return dict(Counter(node.layer for node in self.nodes))

    def only_here(self, other: "Graph") -> frozenset[int]:
        """The numbers of the nodes that `other` does not have: by name, module and parameter, in their order."""
        own, others = ([_identity(node) for node in graph.nodes] for graph in (self, other))
        shared = SequenceMatcher(None, own, others, autojunk=False).get_matching_blocks()
        return frozenset(range(len(own))) - {block.a + step for block in shared for step in range(block.size)}


def _identity(node: Node) -> tuple[str, str, str]:
    return node.name, node.module, node.parameter


def record(model: "nn.Module", images: Floats, *, training: bool = False) -> Graph:
    """The graph of a forward pass of `images` `(N, C, H, W)` in 0..1 through a copy of `model`, which stays as it is.

    `training` runs the copy as training does: dropout drops, batch norm looks at the batch. Raises `ValueError` where
    `images` has another number of axes, or no parameter leads to the output.
    """
    if images.ndim != 4:
        raise ValueError(not_allowed("images", f"of shape {images.shape}", "(N, C, H, W)"))
    import torch

    copied = copy.deepcopy(model).requires_grad_(True).train(training)
    made_by: dict[Any, str] = {}
    for name, module in copied.named_modules():
        module.register_forward_hook(_noting(name, made_by))
    device = next((parameter.device for parameter in copied.parameters()), torch.device("cpu"))
    with torch.enable_grad():
        output = copied(torch.from_numpy(np.array(images, np.float32, order="C")).to(device))
    if output.grad_fn is None:
        raise ValueError(not_allowed("model", "without parameters", "one with a parameter or more"))
    return _read(output.grad_fn, made_by, dict(copied.named_parameters()))


def _noting(name: str, made_by: dict[Any, str]) -> Any:  # noqa: ANN401 (a hook, as torch takes it)
    """A hook that writes down which nodes were made between a module's inputs and its output, those of its own."""

    def note(_: "nn.Module", inputs: "tuple[torch.Tensor, ...]", output: "torch.Tensor") -> None:
        before = _reached(value.grad_fn for value in inputs)
        for node in _reached([output.grad_fn]):
            if node not in before:
                made_by.setdefault(node, name)

    return note


def _reached(roots: Iterable[Any]) -> set[Any]:
    """All nodes that the arrows lead to from these."""
    seen: set[Any] = set()
    waiting = [root for root in roots if root is not None]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += [reads for reads, _ in node.next_functions if reads is not None]
    return seen


def _read(root: Any, made_by: dict[Any, str], parameters: "dict[str, nn.Parameter]") -> Graph:  # noqa: ANN401
    names = {id(parameter): name for name, parameter in parameters.items()}
    operations = sorted(
        (node for node in _reached([root]) if not _is_leaf(node)), key=lambda node: node._sequence_nr()
    )
    order: dict[Any, int] = {}
    for node in operations:
        for reads, _ in node.next_functions:
            if reads is not None and _is_leaf(reads):
                order.setdefault(reads, len(order))
        order[node] = len(order)
    nodes = tuple(
        Node(
            name="AccumulateGrad" if _is_leaf(node) else node.name(),
            module=names[id(node.variable)].rpartition(".")[0] if _is_leaf(node) else made_by.get(node, ""),
            parameter=names[id(node.variable)] if _is_leaf(node) else "",
            shape=tuple(node.variable.shape) if _is_leaf(node) else (),
            saved=() if _is_leaf(node) else _saved(node),
            reads=tuple(order[reads] for reads, _ in node.next_functions if reads is not None),
            from_input=not _is_leaf(node) and node.next_functions[0][0] is None,
        )
        for node in order
    )
    used = {node.parameter for node in nodes}
    return Graph(nodes, tuple(name for name in parameters if name not in used))


def _is_leaf(node: Any) -> bool:  # noqa: ANN401 (torch has no class for nodes that could be named here)
    return hasattr(node, "variable")


def _saved(node: Any) -> tuple[tuple[str, Shape], ...]:  # noqa: ANN401
    """The tensors that a node keeps, by their names, those without a value left out."""
    import torch

    kept = ((name, getattr(node, name)) for name in dir(node) if name.startswith("_saved_"))
    return tuple(
        (name.removeprefix("_saved_"), tuple(value.shape))
        for name, value in kept
        if isinstance(value, torch.Tensor) and value.numel()
    )
