"""mapping.onnx and synthesis.onnx.

synthesis.onnx computes each style vector y(l) = A(l) w(l) + b(l) into a tensor `style_<l>`
(`style_rgb_<block>` for the conversion to RGB at the end of a resolution block). Everything that depends on a
code comes from these tensors, the demodulation too, so an engine can cut there and feed them as inputs.
"""

import numpy as np
import torch

from networks.generator import W_DIM, Z_DIM, Generator
from networks.layers import GAIN, SLOPE, ModulatedConv

from .graph import GraphWriter


def write_mapping(generator: Generator) -> GraphWriter:
    """z [B, 128] -> w [B, 128]."""
    graph = GraphWriter("mapping")
    graph.input("z", Z_DIM)
    graph.op("Mul", ["z", "z"], "z_squared")
    graph.op("ReduceMean", ["z_squared", graph.integers(1)], "z_power", keepdims=1)
    graph.op("Add", ["z_power", graph.weight("epsilon", torch.tensor(1e-8))], "z_power_safe")
    graph.op("Sqrt", ["z_power_safe"], "z_norm")
    x = graph.op("Div", ["z", "z_norm"], "z_normalised")
    for i, layer in enumerate(generator.mapping):
        y = graph.gemm(x, *layer.scaled(GAIN), f"mapping_{i}")
        last = i == len(generator.mapping) - 1
        x = graph.op("LeakyRelu", [y], "w" if last else f"mapping_{i}_act", alpha=SLOPE)
    graph.output("w", W_DIM)
    return graph


def _modulated_conv(
    graph: GraphWriter, conv: ModulatedConv, x: str, code: str, style: str, name: str, gain: float
) -> str:
    """One modulated convolution; `style` names the tensor that carries y(l) [B, inputs]."""
    weight = conv.weight * conv.scale
    graph.gemm(code, *conv.style.scaled(), style)
    column = graph.op("Reshape", [style, graph.integers(0, -1, 1, 1)], f"{style}_column")
    x = graph.op("Mul", [x, column], f"{name}_modulated")
    if conv.up:
        x = graph.double(x, f"{name}_up", "linear")
    bias = conv.bias * gain
    if not conv.demodulate:
        return graph.conv(x, weight, bias, name)
    y = graph.conv(x, weight, None, f"{name}_conv")
    graph.op("Mul", [style, style], f"{name}_style_squared")
    squares = graph.weight(f"{name}_squares", (weight**2).sum((2, 3)).t())
    graph.op("MatMul", [f"{name}_style_squared", squares], f"{name}_power")
    graph.op("Add", [f"{name}_power", graph.weight("epsilon", torch.tensor(1e-8))], f"{name}_power_safe")
    graph.op("Sqrt", [f"{name}_power_safe"], f"{name}_norm")
    graph.op("Div", [graph.weight("gain", torch.tensor(gain)), f"{name}_norm"], f"{name}_demodulation")
    graph.op("Reshape", [f"{name}_demodulation", graph.integers(0, -1, 1, 1)], f"{name}_demodulation_column")
    graph.op("Mul", [y, f"{name}_demodulation_column"], f"{name}_demodulated")
    return graph.op(
        "Add", [f"{name}_demodulated", graph.weight(f"{name}_bias", bias[None, :, None, None])], name
    )


def write_synthesis(generator: Generator) -> GraphWriter:
    """codes [B, layers, 128] -> image [B, 3, R, R]."""
    graph = GraphWriter("synthesis")
    graph.input("codes", generator.layers, W_DIM)
    for layer in range(generator.layers):
        index = graph.weight(f"layer_{layer}", np.array(layer, np.int64))
        graph.op("Gather", ["codes", index], f"code_{layer}", axis=1)
    x = graph.weight("const", generator.const)
    image = ""
    for block, to_rgb in enumerate(generator.to_rgb):
        for layer in (2 * block, 2 * block + 1):
            conv = generator.convs[layer]
            y = _modulated_conv(graph, conv, x, f"code_{layer}", f"style_{layer}", f"layer{layer}", GAIN)
            x = graph.op("LeakyRelu", [y], f"layer{layer}_act", alpha=SLOPE)
        rgb = _modulated_conv(graph, to_rgb, x, f"code_{layer}", f"style_rgb_{block}", f"rgb{block}", 1.0)
        if image:
            image = graph.double(image, f"image{block}_up", "linear")
            last = block == len(generator.to_rgb) - 1
            image = graph.op("Add", [image, rgb], "image" if last else f"image{block}")
        else:
            image = rgb
    graph.output("image", 3, generator.resolution, generator.resolution)
    return graph
