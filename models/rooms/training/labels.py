"""The names of what a rendered room is labelled with, in the order of the columns everywhere."""

CATEGORIES = ["bedroom", "living room", "dining room", "kitchen"]

ATTRIBUTES = [
    "indoor lighting",
    "natural lighting",
    "wood",
    "carpet",
    "tiles",
    "glossy",
    "cluttered",
    "cloth",
    "bright",
    "warm",
]

CLASSES = [
    "wall",
    "floor",
    "ceiling",
    "window",
    "door",
    "bed",
    "sofa",
    "table",
    "chair",
    "lamp",
    "cabinet",
    "tv",
    "rug",
    "picture",
    "curtain",
    "plant",
    "pillow",
    "appliance",
    "counter",
    "bookcase",
    "decor",
]


def column(label: str) -> str:
    """The label as a key of the label files: `living room` -> `living_room`."""
    return label.replace(" ", "_")
