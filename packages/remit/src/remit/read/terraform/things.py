"""What references lead to: instances of resources, modules that were called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Value
from remit.read.document import Span
from remit.read.terraform.module import Declaration, Module
from remit.read.terraform.syntax import Expr

#: Of every resource of AWS only the deployment knows these, or they are its name: they stay references to it.
_OWN = frozenset(("id", "arn", "name", "url"))
_OWN_OF = {
    "aws_s3_bucket": "bucket",
    "aws_lambda_function": "function_name",
    "aws_s3_object": "key",
    "aws_s3_bucket_object": "key",
    "archive_file": "output_path",
}
#: Data sources that say where one is: pseudo parameters under their own names.
PSEUDO: Mapping[str, Mapping[str, Value]] = {
    "aws_caller_identity": {"account_id": Ref("AWS::AccountId"), "id": Ref("AWS::AccountId")},
    "aws_region": {"name": Ref("AWS::Region"), "id": Ref("AWS::Region"), "region": Ref("AWS::Region")},
    "aws_partition": {
        "partition": Ref("AWS::Partition"),
        "id": Ref("AWS::Partition"),
        "dns_suffix": Ref("AWS::URLSuffix"),
    },
}
#: Resources that only run something or keep a value: nothing of them is deployed.
NOTHING = frozenset(("null_resource", "terraform_data", "time_sleep", "null_data_source"))
#: Names under which such a resource says where the sources of a function are, for ``sam build --hook-name terraform``.
SAM_METADATA = "sam_metadata_"


@dataclass(slots=True, eq=False)
class Called:
    """One instance of a module: a folder of files with values for its variables.

    Args:
        module: what it declares.
        path: its address: ``module.api["orders"]``; ``""`` for the root module.
        inputs: what the call passes, with where that is evaluated.
        given: values that stand in files (root module only).
        base: the folder of the root module, which relative paths start from.
        shown: where everything in it is said to stand, for a module whose text is not the user's own.
        chain: the folders and sources of the modules it is called from, for recursion.
        optional: whether an open condition decides if it is called at all.
    """

    module: Module
    path: str
    base: str
    inputs: "Mapping[str, tuple[Expr, Frame]]" = field(default_factory=dict)
    given: Mapping[str, Node] = field(default_factory=dict)
    shown: Location | None = None
    chain: tuple[str, ...] = ()
    optional: bool = False
    values: dict[tuple[str, str], Node] = field(default_factory=dict)
    busy: set[tuple[str, str]] = field(default_factory=set)
    resources: dict[tuple[str, str, str], Node] = field(default_factory=dict)
    calls: dict[str, Node] = field(default_factory=dict)

    def place(self, file: str, span: Span) -> Location:
        """A span of one of its files, or where the module is called."""
        return self.shown or Location(file, *span)


class Frame:
    """Where an expression is evaluated: a module, a file of it, and the names that are bound there."""

    __slots__ = ("called", "file", "names")

    def __init__(self, called: Called, file: str, names: Mapping[str, Node]) -> None:
        self.called = called
        self.file = file
        self.names = names

    def at(self, span: Span) -> Location:
        """A span of its file."""
        return self.called.place(self.file, span)

    def binding(self, **names: Node) -> "Frame":
        """The same place with further names bound."""
        return Frame(self.called, self.file, {**self.names, **names})

    def of_file(self, file: str) -> "Frame":
        """Another file of the same module, where no names are bound."""
        return Frame(self.called, file, {})


@dataclass(slots=True, eq=False)
class Thing:
    """One instance of a resource or data source.

    Args:
        id: unique in the App; what a ``Ref`` to it names.
        address: as Terraform writes it.
        declaration: its block.
        frame: where its arguments are evaluated: ``each`` and ``count`` are bound.
        optional: whether an open condition decides if it is made at all.
    """

    id: str
    address: str
    declaration: Declaration
    frame: Frame
    optional: bool = False
    values: dict[str, Node] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    def owns(self, name: str) -> bool:
        """Whether an attribute is kept as a reference to it, whatever the configuration says it is."""
        type_ = self.declaration.type
        if _OWN_OF.get(type_) == name:
            return True
        return self.declaration.mode == "resource" and name in _OWN and not type_.startswith("local_")


@dataclass(slots=True, eq=False)
class ModuleThing:
    """One instance of a module as a value: its outputs are its attributes.

    Args:
        id: what a ``Ref`` to it names; never the id of an instance.
        called: the module, or ``None`` when it is not here.
        why: why it is not here.
    """

    id: str
    called: Called | None
    why: str = ""
