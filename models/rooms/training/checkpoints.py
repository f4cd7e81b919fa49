"""Reads and writes checkpoints. They hold tensors, numbers and text only (torch.load with weights_only)."""

from pathlib import Path

import torch

from networks.generator import Generator
from networks.predictors import PredictorNetwork, SegmentationNetwork
from networks.scene_features import SceneNetwork
from onnx_export.restore import restore_predictors, restore_segmentation


def read(path: Path) -> dict:
    """The checkpoint on the CPU; half-precision tensors become float32."""
    return _widened(torch.load(path, map_location="cpu", weights_only=True))


def _widened(value):
    if isinstance(value, dict):
        return {key: _widened(item) for key, item in value.items()}
    if isinstance(value, torch.Tensor) and value.dtype == torch.float16:
        return value.float()
    return value


def write(path: Path, content: dict) -> None:
    """Writes under a temporary name first, so that a stop at any instant leaves a whole file."""
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


# What a checkpoint says of its generator's shape; the arguments of `Generator`.
SHAPE = ("resolution", "channels", "mapping_widths")


def new_generator(checkpoint: dict) -> Generator:
    """An untrained generator of the checkpoint's shape."""
    return Generator(**{name: checkpoint[name] for name in SHAPE})


def load_generator(path: Path) -> Generator:
    """The averaged generator of a training checkpoint, ready to evaluate."""
    checkpoint = read(path)
    generator = new_generator(checkpoint)
    generator.load_state_dict(checkpoint["average"])
    return generator.eval()


def load_features(path: Path) -> SceneNetwork:
    """The scene network whose features the discriminator sees."""
    network = SceneNetwork()
    faults = network.load_state_dict(read(path)["network"], strict=False)
    if any(name.startswith("stages.") for name in faults.missing_keys):
        raise SystemExit(
            f"{path} lacks stages of the scene network: train it again (train_predictors.py features)."
        )
    return network.eval()


def load_predictors(path: Path) -> tuple[PredictorNetwork, dict]:
    """The predictors and their held-out errors by head (which an ONNX file does not have)."""
    if path.suffix == ".onnx":
        return restore_predictors(path), {}
    checkpoint = read(path)
    network = PredictorNetwork()
    network.load_state_dict(checkpoint["network"])
    return network.eval(), checkpoint["errors"]


def load_segmentation(path: Path) -> tuple[SegmentationNetwork, dict]:
    """The segmentation network and its held-out errors (which an ONNX file does not have)."""
    if path.suffix == ".onnx":
        return restore_segmentation(path), {}
    checkpoint = read(path)
    network = SegmentationNetwork()
    network.load_state_dict(checkpoint["network"])
    return network.eval(), checkpoint["errors"]
