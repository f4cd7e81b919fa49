"""The scene network: its frozen features are what the projected discriminator sees.

It is trained WITH labels (corner, category, attributes, segmentation) and to reconstruct, so whatever emerges
in the generator emerges under features that know these labels (`unlabelled_features` has a variant without).
The predictors that score the generator are
other networks.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = [24, 48, 96, 128, 192]


def conv_block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3 x 3 convolution, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def double(x: Tensor) -> Tensor:
    """[B, C, R, R] -> [B, C, 2R, 2R], nearest."""
    return F.interpolate(x, scale_factor=2)


def scene_stages() -> nn.ModuleList:
    """Five stages of WIDTHS channels, the first at full size, each further one at half the size before."""
    c = WIDTHS
    stages = [nn.Sequential(conv_block(3, c[0]), conv_block(c[0], c[0]))]
    stages += [nn.Sequential(conv_block(c[i], c[i + 1], 2), conv_block(c[i + 1], c[i + 1])) for i in range(4)]
    return nn.ModuleList(stages)


def decoder_blocks() -> nn.ModuleList:
    """From the coarsest map up to full size, each with the map of its size beside it; ends in 32 channels."""
    widths = [192, 96, 64, 48, 32]
    return nn.ModuleList(conv_block(widths[i] + WIDTHS[3 - i], widths[i + 1]) for i in range(4))


def reconstruction(widths: list[int]) -> nn.Sequential:
    """[B, widths[0], R, R] -> an image [B, 3, R', R'], twice the size at each further width but the first."""
    blocks: list[nn.Module] = []
    for i in range(len(widths) - 1):
        if i > 0:
            blocks.append(nn.Upsample(scale_factor=2))
        blocks.append(conv_block(widths[i], widths[i + 1]))
    return nn.Sequential(*blocks, nn.Conv2d(widths[-1], 3, 3, 1, 1))


class SceneNetwork(nn.Module):
    """image [B, 3, 64, 64] in [-1, 1] -> corner, category, attributes, segmentation, reconstruction."""

    def __init__(self, attributes: int = 10, classes: int = 21):
        super().__init__()
        c = WIDTHS
        self.stages = scene_stages()
        self.head = nn.Sequential(nn.Linear(c[4] * 16, 256), nn.ReLU(inplace=True))
        self.corner = nn.Linear(256, 2)
        self.category = nn.Linear(256, 4)
        self.attributes = nn.Linear(256, attributes)
        self.decoder = decoder_blocks()
        self.segmentation = nn.Conv2d(32, classes, 1)
        self.reconstruction = reconstruction([c[4], 96, 64, 48, 24])

    def features(self, x: Tensor) -> list[Tensor]:
        """Five maps at 64, 32, 16, 8 and 4 pixels with WIDTHS channels."""
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        maps = self.features(x)
        h = self.head(maps[4].flatten(1))
        y = maps[4]
        for block, skip in zip(self.decoder, maps[3::-1]):
            y = block(torch.cat([double(y), skip], 1))
        return {
            "corner": self.corner(h),
            "category": self.category(h),
            "attributes": self.attributes(h),
            "segmentation": self.segmentation(y),
            "reconstruction": self.reconstruction(maps[4]),
        }
