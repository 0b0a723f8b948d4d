"""Whoever needs to know something of a layer asks its type: no module has a list of kinds of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_core.networks import layers
from cnn_core.networks.layers import LAYER_TYPES

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "cnn_core" / "networks" / "layers"
OPERATIONS = ROOT / "cnn_core" / "operations"  # lies below, and has functions that are called as layers are
FILES = [
    path
    for tree in ("cnn_core", "pages")
    for path in sorted((ROOT / tree).rglob("*.py"))
    if HOME not in path.parents and OPERATIONS not in path.parents
]
CLASSES = {name for name in layers.__all__ if isinstance(getattr(layers, name), type)} - {"Shape"}
NAMES = set(LAYER_TYPES) | {name for kind in LAYER_TYPES.values() for name in kind.torch_names}
# `inside/forward.py` decides for all others what a module of torch is; `fusion` rearranges torch's own modules.
TORCH = {"cnn_core/inside/forward.py", "cnn_core/training/fusion.py"}


def mentioned(node: ast.AST) -> set[str]:
    """The names of classes in an expression: of ours, and of torch's as "nn.X"."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & CLASSES
    return found | {
        f"nn.{part.attr}"
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "nn"
    }


def strings(node: ast.AST) -> set[str]:
    """The names of layers that stand as text in an expression."""
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)} & NAMES


def guesses(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Where code asks of what kind a layer is, by class or by name: the line, and the kinds."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("isinstance", "issubclass")
        ):
            yield node.lineno, mentioned(node.args[1])
        elif isinstance(node, ast.MatchClass):
            yield node.lineno, mentioned(node.cls)
        elif isinstance(node, ast.Compare):
            yield node.lineno, mentioned(node) | strings(node)
            attributes = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            yield (
                node.lineno,
                attributes & {"prefix", "word", "title", "torch_names"} if _literal(node) else set(),
            )
        elif isinstance(node, ast.Set | ast.Tuple | ast.List):
            kinds = strings(node)
            yield node.lineno, kinds if len(kinds) > 1 else set()
        elif isinstance(node, ast.Dict):
            keys = [key for key in node.keys if key is not None]
            named = {kind for key in keys for kind in strings(key)}
            yield (
                node.lineno,
                {kind for key in keys for kind in mentioned(key)} | (named if len(named) > 1 else set()),
            )


def _literal(node: ast.Compare) -> bool:
    """Whether one side is a text written there."""
    sides = (node.left, *node.comparators)
    return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_asks_what_kind_a_layer_is(path: Path) -> None:
    found = [(line, kinds) for line, kinds in guesses(ast.parse(path.read_text(encoding="utf-8"))) if kinds]
    if str(path.relative_to(ROOT)) in TORCH:
        found = [(line, kinds) for line, kinds in found if any(not kind.startswith("nn.") for kind in kinds)]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "isinstance(layer, Conv2d | Linear)",
        "isinstance(module, (nn.Conv2d, nn.Linear))",
        "type(layer) is Flatten",
        'layer.kind == "Conv2d"',
        'ACTIVATIONS = frozenset({"ReLU", "Tanh"})',
        "handlers = {Conv2d: convolution, Linear: linear}",
        '"conv" == layer.prefix',
        "match layer:\n    case Conv2d():\n        pass",
    ],
)
def test_such_a_question_is_found(code: str) -> None:
    assert any(kinds for _, kinds in guesses(ast.parse(code)))
