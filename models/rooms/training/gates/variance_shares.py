"""Which layers decide what: the share of a score's variance that comes from re-drawing one layer group's
codes."""

import numpy as np
import torch
from torch import Tensor

from labels import ATTRIBUTES
from networks.generator import Z_DIM, Generator
from networks.predictors import PredictorNetwork
from onnx_export.manifest import GROUPS
from rooms_data import quantise

BATCH = 100
HUES = 12
LIGHTING = ["indoor lighting", "natural lighting"]
MATERIAL = ["wood", "carpet", "tiles", "cloth"]


def colour_scores(x: Tensor) -> Tensor:
    """x [B, 3, R, R] in [-1, 1] -> [B, 3]: red minus green, blue minus green, saturation, averaged over the
    image."""
    rgb = (x + 1) / 2
    most, least = rgb.amax(1), rgb.amin(1)
    saturation = (most - least) / (most + 1e-3)
    red, green, blue = rgb.unbind(1)
    return torch.stack([(red - green).mean((1, 2)), (blue - green).mean((1, 2)), saturation.mean((1, 2))], 1)


def hue_histogram(x: Tensor) -> Tensor:
    """x [B, 3, R, R] in [-1, 1] -> [B, 12]: HSV hues, weighted by saturation times value, summing to about
    1."""
    rgb = (x + 1) / 2
    red, green, blue = rgb.unbind(1)
    most = rgb.amax(1)
    chroma = most - rgb.amin(1)
    safe = chroma + 1e-6
    hue = torch.where(
        most == red,
        ((green - blue) / safe) % 6,
        torch.where(most == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    bins = (hue * (HUES / 6)).floor().long() % HUES
    weight = chroma.sum((1, 2)) + 1e-3
    return torch.stack([(chroma * (bins == k)).sum((1, 2)) / weight for k in range(HUES)], 1)


def _columns(names: list[str]) -> list[int]:
    return [ATTRIBUTES.index(name) for name in names]


@torch.no_grad()
def _scores(generator: Generator, predictors: PredictorNetwork, codes: Tensor) -> dict[str, np.ndarray]:
    """codes [N, L, 128] -> scores [N, C] by level; the layout is NaN where no corner is confident."""
    parts: dict[str, list[Tensor]] = {}
    for start in range(0, len(codes), BATCH):
        x = quantise(generator.synthesize(codes[start : start + BATCH]))
        corner, category, attributes = (output.float() for output in predictors(x))
        attributes = attributes.sigmoid()
        batch = {
            "layout": torch.where(corner[:, 1:] > 0, corner[:, :1], torch.nan),
            "category": category.softmax(1),
            "lighting": attributes[:, _columns(LIGHTING)],
            "material": attributes[:, _columns(MATERIAL)],
            "attribute": attributes,
            "colour": colour_scores(x),
            "hue": hue_histogram(x),
        }
        for level, score in batch.items():
            parts.setdefault(level, []).append(score)
    return {level: torch.cat(scores).cpu().numpy() for level, scores in parts.items()}


@torch.no_grad()
def variance_shares(generator: Generator, predictors: PredictorNetwork, pairs: int, seed: int = 0) -> dict:
    """Shares {group: {level: share}}: mean over the level's scores of E[(s' - s)^2] / (2 Var s), where s' is
    the score after the group's layers, and no others, got another code. 1 means that the group alone
    decides."""
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    w, other = (generator.map(torch.randn(pairs, Z_DIM, generator=random).to(device)) for _ in range(2))
    codes = generator.broadcast(w)
    base = _scores(generator, predictors, codes)
    table = {}
    for group, (first, stop) in GROUPS[generator.resolution].items():
        redrawn = codes.clone()
        redrawn[:, first:stop] = other[:, None]
        moved = _scores(generator, predictors, redrawn)
        table[group] = {
            level: round(
                float(np.mean(np.nanmean((moved[level] - score) ** 2, 0) / 2 / np.nanvar(score, 0))), 3
            )
            for level, score in base.items()
        }
    return table


def above_bottom(table: dict, level: str) -> float:
    """The part of a level's shares, summed over groups, that lies above the bottom group."""
    total = sum(row[level] for row in table.values())
    return round(1 - table["bottom"][level] / total, 3)
