"""One resource instance as Terraform would plan it: what the evaluator makes and the translation to CloudFormation takes."""

from remit.app.location import Location
from remit.app.node import Node
from remit.app.noun import Struct


class Instance(Struct, frozen=True):
    """One resource or data source after modules, ``count`` and ``for_each`` were expanded.

    Args:
        id: logical id, unique in the App, letters and digits and ``_`` only; what a ``Ref`` to it names.
        address: as Terraform writes it: ``module.api.aws_lambda_function.this["orders"]``.
        mode: ``resource`` or ``data``.
        type: Terraform's type: ``aws_lambda_function``.
        attributes: evaluated arguments under Terraform's own names; a nested block is a tuple of mappings, also when it is
            written once. A reference to an attribute of another instance that only the deployment knows is
            ``Ref(id of it, terraform attribute)`` (``Ref("aws_sqs_queue_jobs", "arn")``); what cannot be known is ``Unknown``.
        location: where its block stands.
        folder: folder of the module it is written in, relative to the root; ``""`` for the root.
        optional: whether an open condition decides if it is made at all (``count = var.x ? 1 : 0``).
    """

    id: str
    address: str
    mode: str
    type: str
    attributes: Node
    location: Location
    folder: str = ""
    optional: bool = False
