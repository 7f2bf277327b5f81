"""Ways in which a role can make itself, or something it controls, stronger: one table.

Each line is a set of actions that a role must hold *all* of. The methods are publicly known (pathfinding.cloud lists
them; names are ours); the serverless ones at the end are the moves that matter inside one app.
"""

from remit.app.model import App, Role
from remit.app.noun import Struct
from remit.iam.policy import allows


class Method(Struct, frozen=True):
    """One way up.

    Args:
        id: kebab-case.
        actions: all are needed.
        phrase: what it lets the role do; completes "the role ...".
    """

    id: str
    actions: tuple[str, ...]
    phrase: str


_PASS = "iam:PassRole"


def _pass(id: str, phrase: str, *actions: str) -> Method:  # noqa: A002
    return Method(id, (_PASS, *actions), f"can run {phrase} as a stronger role")


METHODS: tuple[Method, ...] = (
    Method("create-policy-version", ("iam:CreatePolicyVersion",), "can rewrite the policies it is judged by"),
    Method("set-default-policy-version", ("iam:SetDefaultPolicyVersion",), "can bring back older, wider policies"),
    Method("attach-role-policy", ("iam:AttachRolePolicy",), "can attach any policy to a role"),
    Method("put-role-policy", ("iam:PutRolePolicy",), "can write any policy into a role"),
    Method("attach-user-policy", ("iam:AttachUserPolicy",), "can attach any policy to a user"),
    Method("put-user-policy", ("iam:PutUserPolicy",), "can write any policy into a user"),
    Method("attach-group-policy", ("iam:AttachGroupPolicy",), "can attach any policy to a group"),
    Method("put-group-policy", ("iam:PutGroupPolicy",), "can write any policy into a group"),
    Method("add-user-to-group", ("iam:AddUserToGroup",), "can put users into stronger groups"),
    Method("create-access-key", ("iam:CreateAccessKey",), "can make access keys of other users"),
    Method("create-login-profile", ("iam:CreateLoginProfile",), "can make passwords of other users"),
    Method("update-login-profile", ("iam:UpdateLoginProfile",), "can change passwords of other users"),
    Method(
        "update-assume-role-policy",
        ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
        "can let itself into any role",
    ),
    _pass("new-function-invoked", "code of its own", "lambda:CreateFunction", "lambda:InvokeFunction"),
    _pass("new-function-mapped", "code of its own", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    _pass("new-function-opened", "code of its own", "lambda:CreateFunction", "lambda:AddPermission"),
    _pass("new-stack", "a stack of its own", "cloudformation:CreateStack"),
    _pass("update-stack", "changed stacks", "cloudformation:UpdateStack"),
    _pass("new-stack-set", "stacks of its own", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    _pass("update-stack-set", "changed stacks", "cloudformation:UpdateStackSet"),
    _pass("new-state-machine", "a workflow of its own", "states:CreateStateMachine", "states:StartExecution"),
    _pass("update-state-machine", "a changed workflow", "states:UpdateStateMachine", "states:StartExecution"),
    _pass("new-schedule", "a schedule of its own", "scheduler:CreateSchedule"),
    _pass("put-targets", "targets of event rules", "events:PutTargets", "events:PutRule"),
    _pass("new-pipe", "a pipe of its own", "pipes:CreatePipe"),
    _pass("new-topic-rule", "IoT rules of its own", "iot:CreateTopicRule"),
    _pass("run-task", "containers of its own", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    _pass("start-task", "containers of its own", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    _pass("new-service", "containers of its own", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    _pass("run-instance", "machines of its own", "ec2:RunInstances"),
    _pass("new-build", "builds of its own", "codebuild:CreateProject", "codebuild:StartBuild"),
    _pass("new-glue-job", "jobs of its own", "glue:CreateJob", "glue:StartJobRun"),
    _pass("update-glue-job", "changed jobs", "glue:UpdateJob", "glue:StartJobRun"),
    _pass("new-glue-endpoint", "an endpoint of its own", "glue:CreateDevEndpoint"),
    _pass("new-pipeline", "pipelines of its own", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    _pass(
        "new-notebook",
        "notebooks of its own",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    _pass("new-training", "training jobs of its own", "sagemaker:CreateTrainingJob"),
    _pass("new-processing", "processing jobs of its own", "sagemaker:CreateProcessingJob"),
    _pass("new-app-runner", "services of its own", "apprunner:CreateService"),
    Method("change-set", ("cloudformation:ExecuteChangeSet",), "can run change sets with the rights of the stack"),
    Method("exec-container", ("ecs:ExecuteCommand",), "can run commands in containers"),
    Method("send-command", ("ssm:SendCommand",), "can run commands on machines"),
    Method("start-session", ("ssm:StartSession",), "can open shells on machines"),
    Method("update-glue-endpoint", ("glue:UpdateDevEndpoint",), "can open shells on development endpoints"),
    Method("notebook-url", ("sagemaker:CreatePresignedNotebookInstanceUrl",), "can open other people's notebooks"),
    Method("swap-function-settings", ("lambda:UpdateFunctionConfiguration",), "can change the settings of functions"),
)


def escalations(app: App, role: Role) -> tuple[Method, ...]:
    """The methods of which a role holds every action, on some resource, for sure.

    Args:
        app: the app.
        role: the role.
    """
    held: dict[str, bool] = {}
    return tuple(method for method in METHODS if all(_holds(app, role, action, held) for action in method.actions))


def _holds(app: App, role: Role, action: str, known: dict[str, bool]) -> bool:
    """Whether the role has the action on every resource, or on one that a statement names."""
    if action not in known:
        named = [item for grant in role.grants if grant.effect != "Deny" for item in grant.resources]
        known[action] = any(allows(role.grants, action, item, app).allowed for item in ("*", *named))
    return known[action]
