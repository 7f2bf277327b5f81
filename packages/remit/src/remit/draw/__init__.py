"""Where things go in a drawing of boxes and links that reads from left to right; pure, and the same for the same input.

The way is the usual one for layered drawings: circles are opened, every box gets a column, links that pass a column get a
place in it, the order within columns is changed until few links cross, and then heights are found that bend links little.
"""

from remit.draw.layout import layout
from remit.draw.nouns import Box, Layout, Link

__all__ = ["Box", "Layout", "Link", "layout"]
