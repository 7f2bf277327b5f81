"""All families in one table, and a translation for every type that none of them has."""

from remit.read.names import name_key
from remit.read.terraform.aws import compute, events, iam, network, other, storage, web
from remit.read.terraform.aws.kind import DROP, Kind
from remit.read.terraform.aws.names import type_of

_FAMILIES = (compute, iam, events, storage, web, network, other)
KINDS: dict[str, Kind] = {name: kind for family in _FAMILIES for name, kind in family.KINDS.items()}
#: What these make is no part of the app: they only run something while Terraform runs.
NOTHING = frozenset(("aws_lambda_invocation",))
#: Resources that bring something to run, or more resources, that is not read; with the reason.
UNREAD = {
    "aws_cloudformation_stack": "its own template makes more resources, which are not read here",
    "aws_cloudformation_stack_set": "its own template makes more resources, which are not read here",
    "aws_serverlessapplicationrepository_cloudformation_stack": "an application of the repository: its resources are not read",
    "aws_cloudfront_function": "code that runs at the edge: it is not read",
}
#: Functions of other clouds, by what their type begins with.
ELSEWHERE = {
    "azurerm_function_app": "Azure",
    "azurerm_linux_function_app": "Azure",
    "azurerm_windows_function_app": "Azure",
    "azurerm_logic_app": "Azure",
    "google_cloudfunctions": "Google Cloud",
    "google_cloud_run": "Google Cloud",
    "alicloud_fc": "Alibaba Cloud",
    "oci_functions": "Oracle Cloud",
    "scaleway_function": "Scaleway",
    "yandex_function": "Yandex Cloud",
    "cloudflare_worker": "Cloudflare",
    "tencentcloud_scf": "Tencent Cloud",
}


def is_aws(kind: str) -> bool:
    """Whether a type is one of AWS's provider."""
    return kind.startswith(("aws_", "awscc_"))


def kind_of(kind: str) -> Kind:
    """The translation of a type; a general one where no table has it."""
    found = KINDS.get(kind)
    if found is not None:
        return found
    type_ = type_of(kind)
    return Kind(type_, {"name": name_key(type_), "name_prefix": DROP}, {"id": "", "name": ""})
