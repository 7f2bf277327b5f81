"""Errors that carry their own diagnosis. Library code raises them; only the command line prints and exits."""


class RemitError(Exception):
    """Something the user can act on: the text is one clear line that names the thing and what to do.

    ``exit_code`` is what the command line ends with (docs/exit-codes.md).
    """

    exit_code = 2


class NothingToExamine(RemitError):  # noqa: N818
    """There is nothing of the kind asked for at that place: not clean, not an error of reading."""

    exit_code = 3


class Incomplete(RemitError):  # noqa: N818
    """Something that should have been read was not, so no answer can be given."""

    exit_code = 4
