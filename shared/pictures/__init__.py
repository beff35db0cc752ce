"""Pictures as SVG text, made by pure functions of plain numbers and words: for pages and for papers alike.

Each needs a table beside it: a picture shows the shape, the table the numbers. No style sheet is needed: what is told
apart is told by lightness, texture and sign, and hue only helps.
"""

from shared.pictures.bars import bars, stacks
from shared.pictures.distribution import distribution
from shared.pictures.slope import Break, slope
from shared.pictures.svg import Caption
from shared.pictures.tiles import Tile, tiles
from shared.pictures.tones import STEPS, Mark

__all__ = ["STEPS", "Break", "Caption", "Mark", "Tile", "bars", "distribution", "slope", "stacks", "tiles"]
