"""The style-based generator: mapping z -> w, synthesis of one code a layer, skip connections in RGB, no noise
maps."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from .layers import GAIN, EqualizedLinear, ModulatedConv, leaky_relu, upsample

Z_DIM = W_DIM = 128

# Layers that a truncation reaches, as the reference's does for StyleGAN: those from 4 x 4 to 32 x 32.
CUTOFF = 8

# Channels by resolution. The bottom is narrow on purpose: a wide one carries everything and the upper layers
# learn to ignore their codes (see the variance shares in the card).
NARROW = {4: 32, 8: 64, 16: 128, 32: 64, 64: 32, 128: 16}
WIDE = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16}
WIDER = {4: 256, 8: 256, 16: 192, 32: 64, 64: 32, 128: 16}
WIDEST = {4: 256, 8: 256, 16: 192, 32: 128, 64: 48, 128: 16}
CHANNELS = {"narrow": NARROW, "wide": WIDE, "wider": WIDER, "widest": WIDEST}

# Gain of the mapping's weights when used: they learn that much slower than the others.
MAPPING_RATE = 0.01


class Generator(nn.Module):
    """Two layers a resolution, from 4 x 4 to `resolution`; layer l has the code w(l)."""

    def __init__(self, resolution: int, channels: dict[int, int], mapping_widths: list[int]):
        """channels by resolution; mapping_widths of the mapping's hidden layers."""
        super().__init__()
        self.resolution = resolution
        widths = [Z_DIM, *mapping_widths, W_DIM]
        self.mapping = nn.ModuleList(
            EqualizedLinear(inputs, outputs, rate=MAPPING_RATE) for inputs, outputs in pairwise(widths)
        )
        self.const = nn.Parameter(torch.randn(1, channels[4], 4, 4))
        self.convs = nn.ModuleList()
        self.to_rgb = nn.ModuleList()
        inputs = channels[4]
        for r in self.resolutions:
            self.convs.append(ModulatedConv(inputs, channels[r], 3, W_DIM, up=r > 4))
            self.convs.append(ModulatedConv(channels[r], channels[r], 3, W_DIM))
            self.to_rgb.append(ModulatedConv(channels[r], 3, 1, W_DIM, demodulate=False))
            inputs = channels[r]
        for conv in self.to_rgb:
            conv.weight.data.mul_(0.3)
        self.register_buffer("w_avg", torch.zeros(W_DIM))

    @property
    def resolutions(self) -> list[int]:
        """4, 8, ..., resolution."""
        return [4 << i for i in range(int(math.log2(self.resolution)) - 1)]

    @property
    def layers(self) -> int:
        return len(self.convs)

    def synthesis_parameters(self) -> list[nn.Parameter]:
        """All but the mapping's."""
        return [self.const, *self.convs.parameters(), *self.to_rgb.parameters()]

    def map(self, z: Tensor) -> Tensor:
        """z [B, 128] ~ N(0, I) -> w [B, 128]; z is normalised here."""
        w = z * torch.rsqrt((z**2).mean(1, keepdim=True) + 1e-8)
        for layer in self.mapping:
            w = leaky_relu(layer(w, GAIN))
        return w

    def synthesize(self, codes: Tensor) -> Tensor:
        """codes [B, layers, 128] -> image [B, 3, resolution, resolution], about [-1, 1], not clipped."""
        x = self.const.repeat(codes.shape[0], 1, 1, 1).contiguous(memory_format=torch.channels_last)
        image = None
        for block, to_rgb in enumerate(self.to_rgb):
            first, last = 2 * block, 2 * block + 1
            x = leaky_relu(self.convs[first](x, codes[:, first], GAIN))
            x = leaky_relu(self.convs[last](x, codes[:, last], GAIN))
            rgb = to_rgb(x, codes[:, last]).float()
            image = rgb if image is None else upsample(image) + rgb
        return image

    def broadcast(self, w: Tensor) -> Tensor:
        """w [B, 128] -> codes [B, layers, 128], the same code in every layer."""
        return w[:, None].repeat(1, self.layers, 1)

    def truncated(self, w: Tensor, mean: Tensor, psi: float, cutoff: int) -> Tensor:
        """w [B, 128] -> codes [B, layers, 128], below layer `cutoff` psi times as far from `mean` [128]."""
        codes = self.broadcast(w)
        codes[:, :cutoff] = mean + psi * (codes[:, :cutoff] - mean)
        return codes

    def mixed_codes(self, z: Tensor, share: float) -> Tensor:
        """Style mixing: in `share` of the samples the layers between two random crossing points get another
        code."""
        w = self.map(z)
        codes = self.broadcast(w)
        if self.training:
            with torch.no_grad():
                self.w_avg.lerp_(w.detach().float().mean(0), 0.005)
        if share <= 0:
            return codes
        other = self.map(torch.randn_like(z))
        batch, device = z.shape[0], z.device
        crossing = (torch.rand(batch, 2, device=device) * (self.layers + 1)).floor().sort(1)[0]
        layer = torch.arange(self.layers, device=device)[None]
        swap = (
            (layer >= crossing[:, :1])
            & (layer < crossing[:, 1:])
            & (torch.rand(batch, 1, device=device) < share)
        )
        return torch.where(swap[..., None], other[:, None], codes)

    def forward(self, z: Tensor, mixing: float = 0.0) -> Tensor:
        """z [B, 128] -> image [B, 3, resolution, resolution]."""
        return self.synthesize(self.mixed_codes(z, mixing))
