"""Permissions boundaries and trust policies of roles."""

from remit.app.value import Unknown

TEMPLATE = """\
Edge:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}
R:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Statement: [{{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{Service: lambda.amazonaws.com}}}}]
    PermissionsBoundary: {boundary}
F:
  Type: AWS::Serverless::Function
  Properties: {{Handler: app.handler, Runtime: python3.12, PermissionsBoundary: {boundary}}}
G:
  Type: AWS::Serverless::Function
  Properties: {{Handler: app.handler, Runtime: python3.12}}
"""


def test_a_boundary_of_the_template_or_of_aws_is_read(resources) -> None:  # type: ignore[no-untyped-def]
    for boundary, actions in (("!Ref Edge", ("s3:*",)), ("arn:aws:iam::aws:policy/AdministratorAccess", ("*",))):
        roles = resources(TEMPLATE.format(boundary=boundary)).roles
        assert [grant.actions for grant in roles["R"].boundary] == [actions]
        assert [grant.actions for grant in roles["FRole"].boundary] == [actions]
        assert roles["GRole"].boundary is None


def test_a_boundary_from_elsewhere_is_one_that_nobody_knows(resources) -> None:  # type: ignore[no-untyped-def]
    roles = resources(TEMPLATE.format(boundary="arn:aws:iam::111122223333:policy/edge")).roles
    (grant,) = roles["R"].boundary
    assert (grant.effect, grant.actions) == ("Allow", ("*",))
    assert isinstance(grant.conditions, Unknown)


def test_who_may_use_a_role(resources) -> None:  # type: ignore[no-untyped-def]
    roles = resources(TEMPLATE.format(boundary="!Ref Edge")).roles
    assert [grant.principals for grant in roles["R"].trust] == [("lambda.amazonaws.com",)]
    assert roles["GRole"].trust is None
