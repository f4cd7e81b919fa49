"""Colours as linear RGB tuples."""

import colorsys

Color = tuple[float, float, float]


def linear(color) -> Color:
    """Display values (gamma 2.2) -> linear light."""
    return tuple(max(0.0, channel) ** 2.2 for channel in color)


def hsv(hue: float, saturation: float, value: float) -> Color:
    """Hue (of any turn), saturation and value (clipped to [0, 1]) -> linear RGB."""
    return linear(colorsys.hsv_to_rgb(hue % 1.0, min(max(saturation, 0), 1), min(max(value, 0), 1)))


def mix(one: Color, other: Color, share: float) -> Color:
    """From `one` (share 0) to `other` (share 1)."""
    return tuple(a + (b - a) * share for a, b in zip(one, other))


def scaled(color: Color, factor: float) -> Color:
    return tuple(channel * factor for channel in color)
