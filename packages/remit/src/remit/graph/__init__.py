"""The job that answers "what is here, and who reaches what?": the app as one picture, attack paths on top.

``picture`` joins what is known about one app (its facts, its findings) into nodes and ways that can be drawn, told or
written as JSON; ``condensed`` makes a large picture small enough to be looked at.
"""

from remit.graph.build import picture
from remit.graph.condense import condensed, cut_out, groups
from remit.graph.focus import focused
from remit.graph.nouns import Picture, Pictures

__all__ = ["Picture", "Pictures", "condensed", "cut_out", "focused", "groups", "picture"]
