"""Which form of template a file's name belongs to. Only names are looked at here; whoever reads them looks inside.

A further form is one entry here (its names) and one reader in ``remit.read.reading``, which loads the form's modules
only when a file of it was found.
"""

import posixpath

TERRAFORM = "terraform"
PLAN = "plan"
CDK = "cdk"
COMPOSE = "compose"
#: Code and configurations of functions that may belong to no template.
CODE = "code"

_CODE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")
_TERRAFORM_WORDS = (
    ".tf .tofu .tf.json .tofu.json .tfvars .tfvars.json terragrunt.hcl .tfstack.hcl .tfcomponent.hcl .tfdeploy.hcl"
)
_TERRAFORM_SUFFIXES = tuple(_TERRAFORM_WORDS.split())
_COMPOSE_NAMES = frozenset(f"serverless-compose.{suffix}" for suffix in ("yml", "yaml", "json", "ts", "js"))
_CODE_NAMES = frozenset(("function.json", "host.json"))


def by_name(name: str) -> str:
    """The form a file belongs to by its name; ``""`` for a template of SAM, CloudFormation or Serverless, or none.

    Args:
        name: path relative to the examined folder.
    """
    base = posixpath.basename(name).lower()
    if base.endswith(_TERRAFORM_SUFFIXES):
        return TERRAFORM
    if base.endswith(".tfstate") or (base.endswith("plan.json") and not base.startswith(".")):
        return PLAN
    if base in _COMPOSE_NAMES:
        return COMPOSE
    if base in ("cdk.json", "manifest.json"):
        return CDK
    if base.endswith(_CODE_SUFFIXES) or base in _CODE_NAMES:
        return CODE
    return ""


def alone(name: str) -> str:
    """The form of a file that is given by its path: what only lies beside a template does not count."""
    form = by_name(name) if posixpath.basename(name) != "manifest.json" else ""
    return "" if form == CODE else form
