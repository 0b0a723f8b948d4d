"""The recorded graph: every node that autograd made, counted by hand, and nothing left on the network."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.graph import record
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build

IMAGES = np.random.default_rng(0).random((2, 1, 8, 8), np.float32)


def network(line: str) -> nn.Sequential:
    return build(Architecture((1, 8, 8), shorthand.from_text(line), 3), 0).eval().requires_grad_(False)


def test_a_small_network_has_the_nodes_that_one_counts_by_hand():
    """conv: 1 and 2 parameters; relu, pool, flatten: 1 each; linear: 1, its weight turned round, 2 parameters."""
    graph = record(network("conv2-relu-pool2-flatten-linear3"), IMAGES)
    assert [(node.name, node.module, node.parameter) for node in graph.nodes] == [
        ("AccumulateGrad", "conv1", "conv1.weight"),
        ("AccumulateGrad", "conv1", "conv1.bias"),
        ("ConvolutionBackward0", "conv1", ""),
        ("ReluBackward0", "relu1", ""),
        ("MaxPool2DWithIndicesBackward0", "pool1", ""),
        ("ViewBackward0", "flatten1", ""),
        ("AccumulateGrad", "linear1", "linear1.weight"),
        ("TBackward0", "linear1", ""),
        ("AccumulateGrad", "linear1", "linear1.bias"),
        ("AddmmBackward0", "linear1", ""),
    ]
    assert graph.of_layers() == {"conv1": 3, "relu1": 1, "pool1": 1, "flatten1": 1, "linear1": 4}
    assert (graph.operations, graph.parameters, graph.unused) == (6, 4, ())
    assert [node.reads for node in graph.nodes] == [(), (), (0, 1), (2,), (3,), (4,), (), (6,), (), (8, 5, 7)]
    conv = graph.nodes[2]
    assert conv.from_input
    assert dict(conv.saved) == {"input": (2, 1, 8, 8), "weight": (2, 1, 3, 3)}
    assert dict(graph.nodes[3].saved) == {"result": (2, 2, 6, 6)}
    assert dict(graph.nodes[4].saved) == {"self": (2, 2, 6, 6), "result1": (2, 2, 3, 3)}
    assert graph.nodes[0].shape == (2, 1, 3, 3)


def test_a_residual_block_comes_together_in_an_addition_that_no_layer_in_it_made():
    graph = record(network("conv4-residual4-flatten-linear3"), IMAGES)
    (added,) = (node for node in graph.nodes if node.name == "AddBackward0")
    assert (added.module, added.layer) == ("residual1", "residual1")
    learned, shortcut = (graph.nodes[number] for number in added.reads)
    assert learned.module == "residual1.batch_norm2"
    assert shortcut.module == "conv1"  # what passes by is what came in
    # 2 convolutions with 1 parameter each, 2 batch norms with 2, 2 ReLUs, the addition
    assert graph.of_layers()["residual1"] == 2 * 2 + 2 * 3 + 2 + 1


def test_dropout_leaves_a_node_in_training_only():
    model = network("conv2-dropout0.5-flatten-linear3")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert "dropout1" not in record(model, IMAGES).of_layers()
    assert record(model, IMAGES, training=True).of_layers()["dropout1"] == 1
    assert not model.training
    assert all(torch.equal(model.state_dict()[name], value) for name, value in before.items())
    assert not any(module._forward_hooks for module in model.modules())
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_batch_norm_looks_at_the_batch_of_a_copy_only():
    model = network("conv2-bn-flatten-linear3")
    record(model, IMAGES, training=True)
    assert model.batch_norm1.num_batches_tracked == 0


def test_its_nodes_are_all_that_torch_can_reach():
    model = network("residual4_s2-separable4-gelu-avgpool2-flatten-linear8-tanh-linear3")
    graph = record(model, IMAGES)
    waiting = [model.requires_grad_(True)(torch.from_numpy(IMAGES)).grad_fn]
    seen = []
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.append(node)
            waiting += [reads for reads, _ in node.next_functions if reads is not None]
    assert len(graph.nodes) == len(seen)
    assert {node.parameter for node in graph.nodes} - {""} == dict(model.named_parameters()).keys()
    assert all(read < number for number, node in enumerate(graph.nodes) for read in node.reads)


def test_what_cannot_be_recorded_is_refused():
    with pytest.raises(ValueError, match="images is of shape"):
        record(network("flatten-linear3"), IMAGES[0])
    with pytest.raises(ValueError, match="without parameters"):
        record(nn.Sequential(nn.ReLU()), IMAGES)
