"""Reads the predictors back from their ONNX files, so that no second copy of their weights needs to be
kept."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from networks.predictors import PredictorNetwork, SegmentationNetwork

from .predictors import blocks


def _weights(path: Path) -> dict[str, Tensor]:
    tensors = onnx.load(path).graph.initializer
    return {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in tensors}


def _set_block(block: nn.Sequential, name: str, weights: dict[str, Tensor]) -> None:
    """The folded weight and bias, with a batch normalisation that only adds the bias."""
    conv, norm = block[0], block[1]
    conv.weight.data = weights[f"{name}.weight"]
    norm.bias.data = weights[f"{name}.bias"]
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)


def _set_layer(layer: nn.Module, name: str, weights: dict[str, Tensor]) -> None:
    layer.weight.data, layer.bias.data = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _set_stages(stages: nn.ModuleList, weights: dict[str, Tensor]) -> None:
    for s, stage in enumerate(stages):
        for b, block in enumerate(blocks(stage)):
            _set_block(block, f"stage{s}_{b}", weights)


def restore_predictors(path: Path) -> PredictorNetwork:
    """All but the auxiliary areas, which only training uses."""
    network, weights = PredictorNetwork(), _weights(path)
    _set_stages(network.stages, weights)
    for name in ("hidden", "corner", "category", "attributes"):
        _set_layer(getattr(network, name), name, weights)
    return network.eval()


def restore_segmentation(path: Path) -> SegmentationNetwork:
    network, weights = SegmentationNetwork(), _weights(path)
    _set_stages(network.stages, weights)
    for i, block in enumerate(network.decoder):
        _set_block(block, f"decoder{i}", weights)
    _set_layer(network.segmentation, "segmentation", weights)
    return network.eval()
