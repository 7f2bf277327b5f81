"""Effects: what the code of a function does to the world, as far as it can be read off the code.

These are facts, not judgements: the lock makes a remit of them, rules compare them with what is granted.
"""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.value import Value


class SdkCall(Struct, frozen=True):
    """One call of a cloud SDK reachable from the handler.

    Args:
        service: client name as the SDK says it (``dynamodb``, ``s3``, ``sns``).
        operation: API operation in its own spelling (``PutItem``).
        parameters: the arguments that are known, by API name (``TableName``); environment variables are already
            resolved to the template's values. For a boto3 resource object its identity is filled in
            (``Table("x").put_item`` has ``TableName``).
        location: the call.
        because: the call chain from the handler, outermost first, without ``location``.
        unresolved: what could not be known, for people (``the operation name``, ``the service``); empty when all is.
    """

    service: str
    operation: str
    parameters: Mapping[str, Value]
    location: Location
    because: tuple[Location, ...] = ()
    unresolved: str = ""


class Reach(Struct, frozen=True):
    """A host the code connects to: ``host`` may be symbolic; ``port`` 0 when unknown."""

    host: Value
    port: int
    location: Location
    because: tuple[Location, ...] = ()


class Run(Struct, frozen=True):
    """A child process the code starts: ``program`` is the executable, ``shell`` says whether a shell reads it."""

    program: Value
    shell: bool
    location: Location
    because: tuple[Location, ...] = ()


class FileAccess(Struct, frozen=True):
    """A file the code opens: ``write`` tells writing from reading."""

    path: Value
    write: bool
    location: Location
    because: tuple[Location, ...] = ()


class Secret(Struct, frozen=True):
    """A secret the code reads: from a store (its SDK call is listed too) or an environment variable."""

    name: Value
    location: Location
    because: tuple[Location, ...] = ()


Effect = SdkCall | Reach | Run | FileAccess | Secret


class Effects(Struct, frozen=True):
    """All effects of one function, each list in source order without duplicates."""

    calls: tuple[SdkCall, ...] = ()
    reaches: tuple[Reach, ...] = ()
    runs: tuple[Run, ...] = ()
    files: tuple[FileAccess, ...] = ()
    secrets: tuple[Secret, ...] = ()
    environment: Mapping[str, Location] = field(default_factory=dict)
