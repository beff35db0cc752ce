"""How colours are seen: luminance and contrast (WCAG 2), CIE L*a*b*, and with one kind of cones missing.

The matrices are those of Machado, Oliveira and Fernandes (2009) for severity 1.0, applied to linear light.
"""

from collections.abc import Sequence

MISSING = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)
Light = Sequence[float]


def light(colour: str) -> Light:
    """The linear light of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


def turned(found: Light, matrix: Sequence[Light]) -> list[float]:
    return [sum(one * other for one, other in zip(row, found, strict=True)) for row in matrix]


def seen(colour: str, missing: str | None = None) -> Light:
    """The light as it is seen, with one kind of cones missing."""
    found = light(colour)
    return [min(1.0, max(0.0, one)) for one in turned(found, MISSING[missing])] if missing else found


def lab(found: Light) -> tuple[float, float, float]:
    """Lightness, green to red, blue to yellow."""
    x, y, z = (_root(one / white) for one, white in zip(turned(found, XYZ), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(one: float) -> float:
    return one ** (1 / 3) if one > 216 / 24389 else (24389 / 27 * one + 16) / 116


def distance(one: str, other: str, missing: str | None = None) -> float:
    """How far two colours are apart (ΔE*ab)."""
    pair = zip(lab(seen(one, missing)), lab(seen(other, missing)), strict=True)
    return float(sum((first - second) ** 2 for first, second in pair) ** 0.5)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2)."""
    low, high = sorted(turned(light(colour), XYZ)[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)
