"""Triggers that plain CloudFormation resources attach to functions."""

from remit.read.draft import Draft


def read(draft: Draft) -> None:
    """Adds them."""
    _ = draft
