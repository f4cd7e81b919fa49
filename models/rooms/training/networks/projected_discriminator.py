"""A projected discriminator (Sauer et al. 2021): small heads on frozen, randomly mixed features of the scene
network.

Two more heads look at the image itself, averaged down, since scene features tell little of colour, and one at
patches of it as it is: the scene features were trained to overlook noise, blur and bent lines, and a
generator that only they look at draws halos and double outlines. The heads of the finer maps say of each
place, too, whether it looks rendered: one verdict on a whole room is soon sure and tells nothing of where the
melted chair is.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm

from .layers import SLOPE, upsample
from .scene_features import WIDTHS, SceneNetwork

MIXED_WIDTHS = [48, 64, 96, 128]
FULL_WIDTH = 32
HEAD_WIDTH = 128
LOCAL = (16, 8)  # px; the sizes at which a head also speaks of each place


class FeatureProjection(nn.Module):
    """Frozen: scene features mixed across channels and, from coarse to fine, across scales by fixed random
    weights."""

    def __init__(self, features: SceneNetwork):
        super().__init__()
        self.features = features.eval()
        across = [nn.Conv2d(WIDTHS[i + 1], MIXED_WIDTHS[i], 1, bias=False) for i in range(4)]
        self.across_channels = nn.ModuleList(across)
        down = [nn.Conv2d(MIXED_WIDTHS[i + 1], MIXED_WIDTHS[i], 3, padding=1, bias=False) for i in range(3)]
        self.across_scales = nn.ModuleList(down)
        self.full = nn.Conv2d(WIDTHS[0], FULL_WIDTH, 1, bias=False)
        random = torch.Generator().manual_seed(0)
        for conv in [*self.across_channels, *self.across_scales, self.full]:
            weight = torch.randn(conv.weight.shape, generator=random)
            conv.weight.data = weight / math.sqrt(conv.weight[0].numel())
        self.requires_grad_(False)

    def forward(self, x: Tensor) -> list[Tensor]:
        """x [B, 3, 64, 64] -> five feature maps (64, 32, 16, 8, 4 px) and the image at 32, 16 and 64 px."""
        maps = self.features.features(x)
        mixed = [conv(scene_map) for conv, scene_map in zip(self.across_channels, maps[1:])]
        for i in (2, 1, 0):
            mixed[i] = mixed[i] + upsample(self.across_scales[i](mixed[i + 1]))
        return [self.full(maps[0]), *mixed, F.avg_pool2d(x, 2), F.avg_pool2d(x, 4), x]


def _conv(inputs: int, outputs: int, kernel: int, stride: int, padding: int) -> nn.Module:
    return spectral_norm(nn.Conv2d(inputs, outputs, kernel, stride, padding))


class Head(nn.Module):
    """One map [B, inputs, R, R] -> a logit of the whole [B, 1] and, from those of its steps that are at LOCAL
    px, one of each place [B, 256] and [B, 64]; strided convolutions down to 4 px, spectral normalisation."""

    def __init__(self, inputs: int, resolution: int):
        super().__init__()
        layers: list[nn.Module] = []
        self.local = nn.ModuleDict()  # by the index of the layer whose output it reads
        width = inputs
        while resolution > 4:
            wider = min(HEAD_WIDTH, width * 2)
            layers += [_conv(width, wider, 4, 2, 1), nn.LeakyReLU(SLOPE, inplace=True)]
            width, resolution = wider, resolution // 2
            if resolution in LOCAL:
                self.local[str(len(layers) - 1)] = _conv(width, 1, 3, 1, 1)
        layers += [_conv(width, HEAD_WIDTH, 3, 1, 1), nn.LeakyReLU(SLOPE, inplace=True)]
        layers += [_conv(HEAD_WIDTH, 1, 4, 1, 0)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> list[Tensor]:
        logits = []
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if str(index) in self.local:
                logits.append(self.local[str(index)](x))
        return [said.float().flatten(1) for said in (x, *logits)]


class PatchHead(nn.Module):
    """An image [B, 3, R, R] -> a logit of each patch of 26 x 26 px, four pixels apart, [B, R R / 16]."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            *(_conv(3, 48, 4, 2, 1), nn.LeakyReLU(SLOPE, inplace=True)),
            *(_conv(48, 96, 4, 2, 1), nn.LeakyReLU(SLOPE, inplace=True)),
            *(_conv(96, HEAD_WIDTH, 3, 1, 1), nn.LeakyReLU(SLOPE, inplace=True)),
            _conv(HEAD_WIDTH, 1, 3, 1, 1),
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.layers(x).float().flatten(1)]


class ProjectedDiscriminator(nn.Module):
    """The maps of a `FeatureProjection` of 64 px images -> the logits of the eight heads, [B, n] each: one an
    image, and where a head speaks of places one a place."""

    def __init__(self):
        super().__init__()
        widths = [FULL_WIDTH, *MIXED_WIDTHS]
        self.feature_heads = nn.ModuleList(Head(width, 64 >> i) for i, width in enumerate(widths))
        self.rgb_heads = nn.ModuleList(
            nn.Sequential(_conv(3, 32, 3, 1, 1), nn.LeakyReLU(SLOPE, inplace=True), Head(32, r))
            for r in (32, 16)
        )
        self.patch_head = PatchHead()

    def restore(self, state: dict[str, Tensor]) -> None:
        """Verdicts on places that a checkpoint does not have yet start afresh."""
        missing, unknown = self.load_state_dict(state, strict=False)
        if unknown or any(".local." not in name for name in missing):
            raise ValueError(f"Not a discriminator of this kind: {[*unknown, *missing][:3]}.")

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        heads = [*self.feature_heads, *self.rgb_heads, self.patch_head]
        with parametrize.cached():
            self._normalize()
            return [logits for head, scene_map in zip(heads, maps, strict=True) for logits in head(scene_map)]

    def _normalize(self) -> None:
        """Computes all weights in full precision: CUDA's autocast would take their norms in bfloat16."""
        with torch.autocast(next(self.parameters()).device.type, enabled=False):
            for module in self.modules():
                if parametrize.is_parametrized(module):
                    getattr(module, "weight")  # noqa: B009 - for the cache
