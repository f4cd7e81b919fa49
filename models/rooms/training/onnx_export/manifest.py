"""manifest.yaml: what the engine needs to know about the exported files."""

import hashlib
from pathlib import Path

import yaml

from labels import ATTRIBUTES, CATEGORIES, CLASSES
from networks.generator import W_DIM, Z_DIM

EMERGENCE = (
    "The discriminator's features were trained with labels (corner, category, attributes and segmentation of "
    "rendered rooms): what the generator varies emerged under features that know these labels."
)

# Layers by resolution: two each. Groups as half-open ranges, by the generator's resolution.
GROUPS = {
    64: {"bottom": [0, 2], "lower": [2, 5], "upper": [5, 8], "top": [8, 10]},
    128: {"bottom": [0, 2], "lower": [2, 6], "upper": [6, 10], "top": [10, 12]},
}


class _Flow(dict):
    """A mapping on one line."""


class _Dumper(yaml.SafeDumper):
    """Short lists and the mappings marked `_Flow` on one line, the rest in blocks."""


def _flow_map(dumper, value):
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _list(dumper, value):
    plain = all(not isinstance(item, dict) or isinstance(item, _Flow) for item in value)
    scalars = all(not isinstance(item, dict) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=plain and scalars)


_Dumper.add_representer(_Flow, _flow_map)
_Dumper.add_representer(list, _list)


def _file(folder: Path, name: str, **more) -> _Flow:
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return _Flow(file=name, sha256=digest, **more)


def _layers(resolution: int) -> list[_Flow]:
    layers, block, r = [], 0, 4
    while r <= resolution:
        layers.append(_Flow(resolution=r, styles=[f"style_{2 * block}"]))
        layers.append(_Flow(resolution=r, styles=[f"style_{2 * block + 1}", f"style_rgb_{block}"]))
        block, r = block + 1, 2 * r
    return layers


def _input() -> _Flow:
    return _Flow(
        name="image", size=64, resize="average", range=[-1, 1], mean=[0, 0, 0], std=[1, 1, 1], quantise=True
    )


def _predictors(folder: Path, errors: dict) -> list[dict]:
    corner, category, attributes = errors["corner"], errors["category"], errors["attributes"]
    heads = [
        {
            "output": "corner",
            "level": "layout",
            "labels": ["corner"],
            "activation": "none",
            "confidence": _Flow(activation="sigmoid", minimum=0.5),
            "threshold": "none",
            "error": _Flow(mae=corner["mae"], r2=corner["r2"]),
        },
        {
            "output": "category",
            "level": "category",
            "labels": CATEGORIES,
            "activation": "softmax",
            "threshold": "argmax",
            "error": _Flow(accuracy=category["accuracy"], base=category["base"]),
        },
        {
            "output": "attributes",
            "level": "attribute",
            "labels": ATTRIBUTES,
            "activation": "sigmoid",
            "threshold": 0.5,
            "error": _Flow(mae=attributes["mae"], r2=attributes["r2"]),
        },
    ]
    segmentation = {
        "output": "segmentation",
        "level": "segmentation",
        "labels": CLASSES,
        "activation": "none",
        "threshold": "argmax",
        "error": _Flow(iou=errors["segmentation"]["iou"]),
    }
    return [
        {**_file(folder, "predictors.onnx"), "input": _input(), "heads": heads},
        {**_file(folder, "segmentation.onnx"), "input": _input(), "heads": [segmentation]},
    ]


def _kept_predictors(old: list[dict]) -> list[dict]:
    """The predictors of an earlier manifest, laid out as `_predictors` does."""
    flow = ("input", "confidence", "error")
    return [
        {
            **{key: _Flow(value) if key in flow else value for key, value in predictor.items()},
            "heads": [
                {key: _Flow(value) if key in flow else value for key, value in head.items()}
                for head in predictor["heads"]
            ],
        }
        for predictor in old
    ]


def write_manifest(folder: Path, resolution: int, psi: float, cutoff: int, errors: dict | None) -> None:
    """Writes manifest.yaml beside the exported files; a thumbnail that the engine has filled in is kept only
    while the generator's files are the same.

    errors: held-out errors by head; None keeps the predictors that the folder's manifest names.
    """
    layers = _layers(resolution)
    path = folder / "manifest.yaml"
    synthesis = _file(folder, "synthesis.onnx", input="codes", output="image")
    mapping = _file(folder, "mapping.onnx", input="z", output="w")
    truncation = _Flow(psi=psi, cutoff=cutoff, mean=_file(folder, "w_avg.npy"))
    self_test = _Flow(seed=0, index=0)
    before = yaml.safe_load(path.read_text()) if path.exists() else None
    if before:
        old = before["generator"]
        same = (
            old["synthesis"]["sha256"] == synthesis["sha256"]
            and old["mapping"]["sha256"] == mapping["sha256"]
        )
        same = same and old["truncation"] == truncation
        if same and "thumbnail" in old["selfTest"]:
            self_test = _Flow(old["selfTest"])
    manifest = {
        "manifest": 1,
        "name": "rooms",
        "title": f"Rendered rooms, {resolution} × {resolution}",
        "license": "MIT",
        "source": "models/rooms/training",
        "generator": {
            "mapping": mapping,
            "synthesis": synthesis,
            "resolution": resolution,
            "z": _Flow(dim=Z_DIM),
            "w": _Flow(dim=W_DIM),
            "truncation": truncation,
            "layers": layers,
            "groups": _Flow(GROUPS[resolution]),
            "selfTest": self_test,
            "emergence": EMERGENCE,
        },
        "predictors": _predictors(folder, errors) if errors else _kept_predictors(before["predictors"]),
    }
    text = "# Written by models/rooms/training/export_models.py.\n"
    text += yaml.dump(manifest, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)
    path.write_text(text)
