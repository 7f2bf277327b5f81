"""Folders of functions that no template describes: what looks like a handler is taken for one, and said to be a guess."""
