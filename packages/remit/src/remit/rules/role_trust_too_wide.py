"""A role may be taken by far more people than it is for.

## What it finds

Trust policies that let everybody in (`Principal: "*"`), that trust an identity provider without saying *who* of all its
users (GitHub or GitLab without a condition on `sub`, or with one that every repository meets; Cognito without the
identity pool), all without another condition that narrows. Another account as a whole without an external id is for the
pedantic persona.

## Why it matters

Whoever takes the role has all of its grants. A workflow in any repository of the world can get a token of GitHub's
provider; only the condition tells yours from theirs.

## How to mend it

Add a condition: `token.actions.githubusercontent.com:sub` equal to `repo:you/yours:ref:refs/heads/main`,
`cognito-identity.amazonaws.com:aud` equal to the pool, `sts:ExternalId` for partners.

## Bad

```yaml template.yaml
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}}
```

## Good

```yaml template.yaml
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/shop:*"}
```
"""

from collections.abc import Iterator, Mapping

from remit.app.facts import Facts
from remit.app.model import Grant, Role
from remit.app.report import Finding, Fix, Persona, Severity
from remit.app.value import Value
from remit.rules import Rule
from remit.rules._mend import word_in
from remit.rules._policies import accounts

#: Providers whose tokens anybody in the world can get, and the claim that tells their users apart.
_PROVIDERS = {
    "token.actions.githubusercontent.com": ("sub", "any workflow on GitHub"),
    "gitlab.com": ("sub", "any pipeline on GitLab"),
    "app.terraform.io": ("sub", "any workspace of Terraform Cloud"),
    "vstoken.dev.azure.com": ("sub", "any pipeline on Azure DevOps"),
    "cognito-identity.amazonaws.com": ("aud", "the users of any identity pool"),
    "accounts.google.com": ("aud", "any app with Google sign-in"),
    "graph.facebook.com": ("app_id", "any app with Facebook sign-in"),
    "www.amazon.com": ("app_id", "any app with Amazon sign-in"),
}
_ALL = ("*", "repo:*", "repo:*:*", "project_path:*", "repo:*/*", "repo:*/*:*")


def _check(facts: Facts) -> Iterator[Finding]:
    for role in facts.app.roles.values():
        for grant in role.trust or ():
            if grant.effect == "Allow":
                yield from _wide(facts, role, grant)


def _wide(facts: Facts, role: Role, grant: Grant) -> Iterator[Finding]:
    for principal in grant.principals:
        text = str(principal)
        if principal == "*" and not grant.conditions:
            yield _finding(facts, role, grant, "everybody", text, Persona.REGULAR)
        for provider, (claim, who) in _PROVIDERS.items():
            if text.endswith(provider) and not _tells(grant.conditions, claim):
                yield _finding(facts, role, grant, who, provider, Persona.REGULAR)
    if not grant.conditions and any(str(principal).endswith(":root") for principal in grant.principals):
        for account in dict.fromkeys(accounts(grant)):
            yield _finding(facts, role, grant, f"whoever account {account} lets", account, Persona.PEDANTIC)


def _tells(conditions: Value, claim: str) -> bool:
    """Whether conditions say which users: any test of the claim that not all of them pass; an open one counts as told."""
    if not isinstance(conditions, Mapping):
        return conditions is not None
    for operator, block in conditions.items():
        if not isinstance(block, Mapping) or "not" in operator.lower() or operator.lower().startswith("null"):
            continue
        for key, value in block.items():
            values = value if isinstance(value, tuple) else (value,)
            if key.rpartition(":")[2].lower() in (
                claim,
                "repository",
                "repository_owner",
                "job_workflow_ref",
            ) and not any(item in _ALL for item in values):
                return True
    return False


def _finding(facts: Facts, role: Role, grant: Grant, who: str, word: str, persona: Persona) -> Finding:
    return Finding(
        rule="role-trust-too-wide",
        severity=Severity.HIGH if persona == Persona.REGULAR else Severity.LOW,
        confidence="high",
        message=f"{who} can take the role {role.id}",
        location=word_in(facts, grant.location, (word, "'*'", '"*"')),
        label="no condition says who of them",
        resource=role.id,
        function=role.functions[0] if role.functions else "",
        fixes=(Fix("add a condition that names who may take it"),),
        persona=persona,
        content=f"{role.id} {word}",
    )


RULE = Rule(
    "role-trust-too-wide",
    "role that too many may take",
    Severity.HIGH,
    ("CWE-284", "OWASP-S5", "SAS-04"),
    _check,
)
