"""Layers with an equalised learning rate, and the modulated convolution of style-based generators.

Weights are kept at unit variance and scaled when used (Karras et al. 2018). LeakyReLU is positively
homogeneous, so the gain sqrt(2) that follows it is folded into the weights and biases before it.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GAIN = math.sqrt(2)
SLOPE = 0.2


def leaky_relu(x: Tensor) -> Tensor:
    """LeakyReLU with the slope that all networks here share; in place."""
    return F.leaky_relu(x, SLOPE, inplace=True)


def upsample(x: Tensor) -> Tensor:
    """[B, C, R, R] -> [B, C, 2R, 2R], bilinear, pixel centres at half-integers (ONNX: Resize linear,
    half_pixel)."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class EqualizedLinear(nn.Module):
    """[B, inputs] -> [B, outputs]."""

    def __init__(self, inputs: int, outputs: int, bias: float = 0.0, rate: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), bias / rate))
        self.scale = rate / math.sqrt(inputs)
        self.rate = rate

    def scaled(self, gain: float = 1.0) -> tuple[Tensor, Tensor]:
        """The weight [outputs, inputs] and bias [outputs] that the layer multiplies with."""
        return self.weight * (self.scale * gain), self.bias * (self.rate * gain)

    def forward(self, x: Tensor, gain: float = 1.0) -> Tensor:
        return F.linear(x, *self.scaled(gain))


class ModulatedConv(nn.Module):
    """A convolution whose input channels are scaled by the style y = A w + b of its layer's code w.

    Demodulation scales the output instead of the weight, so that no grouped convolution is needed:
    out_o = d_o * sum_i W_oi (y_i x_i), d_o = 1 / sqrt(sum_i y_i^2 sum_k W_oik^2).
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, w_dim: int, demodulate: bool = True, up: bool = False
    ):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.style = EqualizedLinear(w_dim, inputs, bias=1.0)
        self.scale = 1 / math.sqrt(inputs * kernel * kernel)
        self.demodulate = demodulate
        self.up = up
        self.padding = kernel // 2

    def forward(self, x: Tensor, w: Tensor, gain: float = 1.0) -> Tensor:
        """x [B, inputs, R, R] (or [1, ...]), w [B, w_dim] -> [B, outputs, R, R], twice R where `up`."""
        style = self.style(w)
        weight = self.weight * self.scale
        x = x * style[:, :, None, None].to(x.dtype)
        if self.up:
            x = upsample(x)
        y = F.conv2d(x, weight, padding=self.padding)
        if self.demodulate:
            power = (style.float() ** 2) @ (weight.float() ** 2).sum((2, 3)).t()
            y = y * (torch.rsqrt(power + 1e-8) * gain)[:, :, None, None].to(y.dtype)
        return y + (self.bias * gain)[None, :, None, None].to(y.dtype)
