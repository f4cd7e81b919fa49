"""Looks into exported graphs: operators, multiply-adds, and the cut at the style tensors."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, shape_inference

# What runs on onnxruntime's CPU and WebGPU providers without falling back.
PLAIN_OPERATORS = {
    "Add",
    "Concat",
    "Conv",
    "Div",
    "Flatten",
    "Gather",
    "Gemm",
    "LeakyRelu",
    "MatMul",
    "Mul",
    "ReduceMean",
    "Relu",
    "Reshape",
    "Resize",
    "Sqrt",
}


def operators(path: Path) -> set[str]:
    """The kinds of operators in the graph."""
    return {node.op_type for node in onnx.load(path).graph.node}


def _shapes(model: onnx.ModelProto) -> dict[str, list[int]]:
    """Shapes for one sample (B = 1), weights included."""
    inferred = shape_inference.infer_shapes(model)
    graph = inferred.graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        shapes[value.name] = [dim.dim_value or 1 for dim in value.type.tensor_type.shape.dim]
    return shapes


def multiply_adds(path: Path) -> int:
    """Multiply-adds of convolutions and matrix products for one sample."""
    model = onnx.load(path)
    shapes = _shapes(model)
    total = 0
    for node in model.graph.node:
        if node.op_type == "Conv":
            weight, out = shapes[node.input[1]], shapes[node.output[0]]
            total += int(np.prod(weight)) * out[2] * out[3]
        elif node.op_type in ("Gemm", "MatMul"):
            total += int(np.prod(shapes[node.input[1]]))
    return total


def cut_at(path: Path, tensors: list[str]) -> onnx.ModelProto:
    """The graph with these tensors as its only inputs, as an engine would cut it to feed styles."""
    model = onnx.load(path)
    graph = model.graph
    shapes = _shapes(model)
    producer = {output: node for node in graph.node for output in node.output}
    kept, wanted, seen = [], [output.name for output in graph.output], set()
    while wanted:
        name = wanted.pop()
        if name in tensors or name in seen or name not in producer:
            continue
        seen.add(name)
        kept.append(producer[name].name)
        wanted.extend(producer[name].input)
    nodes = [node for node in graph.node if node.name in kept]
    used = {name for node in nodes for name in node.input}
    weights = [tensor for tensor in graph.initializer if tensor.name in used]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["B", *shapes[name][1:]]) for name in tensors
    ]
    cut = helper.make_graph(nodes, "cut", inputs, graph.output, weights)
    result = helper.make_model(cut, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(result, full_check=True)
    left_over = (
        used - {name for node in nodes for name in node.output} - {t.name for t in weights} - {*tensors, ""}
    )
    if left_over:
        raise ValueError(f"The cut graph still needs {sorted(left_over)}.")
    return result
