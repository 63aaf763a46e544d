"""Masks as run lengths, in the form of COCO.

Column by column, from the top: first how many pixels are empty, then how many are set, and so on; the numbers add up to the image.
"""

from .mask import Rle
from .raster import RleError

__all__ = ["Rle", "RleError"]
