"""predictors.onnx and segmentation.onnx, with batch normalisation folded into the convolutions."""

import torch
from torch import Tensor, nn

from networks.predictors import PredictorNetwork, SegmentationNetwork

from .graph import GraphWriter


def folded(block: nn.Sequential) -> tuple[Tensor, Tensor, int]:
    """Weight, bias and stride of a convolution with its batch normalisation (running statistics) folded
    in."""
    conv, norm = block[0], block[1]
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale, conv.stride[0]


def blocks(stage: nn.Sequential) -> list[nn.Sequential]:
    """The convolution blocks of a stage (a stage may be one block)."""
    return [stage] if isinstance(stage[0], nn.Conv2d) else list(stage)


def _conv_block(graph: GraphWriter, block: nn.Sequential, x: str, name: str) -> str:
    weight, bias, stride = folded(block)
    return graph.op("Relu", [graph.conv(x, weight, bias, name, stride)], f"{name}_relu")


def _stages(graph: GraphWriter, stages: nn.ModuleList, x: str) -> list[str]:
    maps = []
    for s, stage in enumerate(stages):
        for b, block in enumerate(blocks(stage)):
            x = _conv_block(graph, block, x, f"stage{s}_{b}")
        maps.append(x)
    return maps


def _linear(graph: GraphWriter, layer: nn.Linear, x: str, name: str) -> str:
    return graph.gemm(x, layer.weight, layer.bias, name)


def write_predictors(network: PredictorNetwork, size: int = 64) -> GraphWriter:
    """image [B, 3, size, size] -> corner [B, 2], category [B, 4], attributes [B, 10], before activation."""
    graph = GraphWriter("predictors")
    maps = _stages(graph, network.stages, graph.input("image", 3, size, size))
    flat = graph.op("Flatten", [maps[-1]], "features", axis=1)
    h = graph.op("Relu", [_linear(graph, network.hidden, flat, "hidden")], "hidden_relu")
    colour = graph.op("ReduceMean", ["image", graph.integers(2, 3)], "mean_colour", keepdims=0)
    joined = graph.op("Concat", [h, colour], "hidden_and_colour", axis=1)
    for name, inputs in (("corner", h), ("category", h), ("attributes", joined)):
        layer = getattr(network, name)
        graph.output(_linear(graph, layer, inputs, name), layer.out_features)
    return graph


def write_segmentation(network: SegmentationNetwork, size: int = 64) -> GraphWriter:
    """image [B, 3, size, size] -> segmentation [B, classes, size, size], before softmax."""
    graph = GraphWriter("segmentation")
    maps = _stages(graph, network.stages, graph.input("image", 3, size, size))
    x = maps[-1]
    for i, (block, skip) in enumerate(zip(network.decoder, maps[-2::-1])):
        up = graph.double(x, f"decoder{i}_up", "nearest")
        joined = graph.op("Concat", [up, skip], f"decoder{i}_joined", axis=1)
        x = _conv_block(graph, block, joined, f"decoder{i}")
    layer = network.segmentation
    graph.output(graph.conv(x, layer.weight, layer.bias, "segmentation"), layer.out_channels, size, size)
    return graph
