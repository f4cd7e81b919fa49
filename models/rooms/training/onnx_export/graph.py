"""A small writer of ONNX graphs.

The graphs are written by hand rather than traced: names stay readable (the engine cuts at the style tensors),
scales and batch normalisation are folded into weights, and nothing of the exporting machine gets into the
file.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 8
BATCH = "B"


class GraphWriter:
    """Collects nodes and weights; every tensor is named by its caller."""

    def __init__(self, name: str):
        self.name = name
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, onnx.TensorProto] = {}
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []

    def weight(self, name: str, value) -> str:
        """Adds a constant (float32 unless it is an integer array) and returns its name; the first of a name
        stays."""
        if isinstance(value, torch.Tensor):
            value = value.detach().float().cpu().numpy()
        array = np.asarray(value, order="C")
        if array.dtype != np.int64:
            array = array.astype(np.float32)
        if name not in self.weights:
            self.weights[name] = numpy_helper.from_array(array, name)
        return name

    def integers(self, *values: int) -> str:
        """A constant of type int64."""
        return self.weight(
            "int_" + "_".join(str(v).replace("-", "m") for v in values), np.array(values, np.int64)
        )

    def op(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        """Adds one node with one output and returns the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def input(self, name: str, *shape: int) -> str:
        """A float32 input [B, *shape]."""
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *shape]))
        return name

    def output(self, name: str, *shape: int) -> str:
        """Declares the tensor `name` as an output [B, *shape]."""
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *shape]))
        return name

    def gemm(self, x: str, weight: torch.Tensor, bias: torch.Tensor, output: str) -> str:
        """x [B, inputs] @ weight.T [outputs, inputs] + bias [outputs]."""
        names = [x, self.weight(output + ".weight", weight), self.weight(output + ".bias", bias)]
        return self.op("Gemm", names, output, transB=1)

    def conv(
        self, x: str, weight: torch.Tensor, bias: torch.Tensor | None, output: str, stride: int = 1
    ) -> str:
        """A square convolution that keeps the size (or halves it with stride 2)."""
        names = [x, self.weight(output + ".weight", weight)]
        if bias is not None:
            names.append(self.weight(output + ".bias", bias))
        kernel = weight.shape[2]
        attributes = {"kernel_shape": [kernel] * 2, "pads": [kernel // 2] * 4, "strides": [stride] * 2}
        return self.op("Conv", names, output, **attributes)

    def double(self, x: str, output: str, mode: str) -> str:
        """Twice the height and width: 'linear' (half_pixel) or 'nearest'."""
        scales = self.weight("scales_double", np.array([1, 1, 2, 2], np.float32))
        attributes = {"mode": mode, "coordinate_transformation_mode": "half_pixel"}
        if mode == "nearest":
            attributes = {
                "mode": mode,
                "coordinate_transformation_mode": "asymmetric",
                "nearest_mode": "floor",
            }
        return self.op("Resize", [x, "", scales], output, **attributes)

    def save(self, path: Path) -> None:
        """Writes the checked model."""
        graph = helper.make_graph(
            self.nodes, self.name, self.inputs, self.outputs, list(self.weights.values())
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="higan-rooms",
        )
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)
