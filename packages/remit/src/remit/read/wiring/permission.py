"""Permissions of functions: what opens one to people, and which services may call one that nothing else is seen to call."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.app.node import certain, possible
from remit.app.value import Ref, Text, Value
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import Who, flat, made, whole

TYPES = ("AWS::Lambda::Permission",)
_RESTRICTING = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
#: Service -> the event source whose events it delivers, the widest sender there can be, and why.
_SERVICES: dict[str, tuple[str, Sender, str]] = {
    "s3": ("s3", Sender.ACCOUNT, "objects of a bucket outside this template"),
    "sns": ("sns", Sender.ACCOUNT, "messages of a topic outside this template"),
    "events": ("eventbridge", Sender.ACCOUNT, "events of a rule outside this template"),
    "scheduler": ("schedule", Sender.PLATFORM, "only the scheduler sends"),
    "logs": ("logs", Sender.ACCOUNT, "log lines of a group outside this template"),
    "cognito-idp": ("cognito", Sender.ANYONE, "whoever signs up or signs in"),
    "apigateway": ("unknown", Sender.ANYONE, "the routes of an API, which do not stand here, lead to it"),
    "elasticloadbalancing": ("alb", Sender.ANYONE, "a load balancer outside this template leads to it"),
    "vpc-lattice": ("lattice", Sender.ACCOUNT, "a service of VPC Lattice outside this template leads to it"),
    "appsync": ("appsync", Sender.ANYONE, "a GraphQL API outside this template leads to it"),
    "iot": ("iot", Sender.AUTHENTICATED, "devices send these messages"),
    "ses": ("ses", Sender.ANYONE, "whoever sends mail"),
    "lex": ("lex", Sender.ANYONE, "whoever talks to the bot"),
    "lexv2": ("lex", Sender.ANYONE, "whoever talks to the bot"),
    "connect": ("connect", Sender.ANYONE, "whoever calls or writes to the contact centre"),
    "alexa-appkit": ("alexa", Sender.ANYONE, "whoever speaks to the skill"),
    "alexa-connectedhome": ("alexa", Sender.ANYONE, "whoever speaks to the device"),
    "bedrock": ("bedrock-agent", Sender.AUTHENTICATED, "what people tell an agent decides what it sends"),
    "config": ("config", Sender.ACCOUNT, "what is evaluated, anyone in the account may have changed"),
    "secretsmanager": ("secret-rotation", Sender.PLATFORM, "Secrets Manager calls it to rotate a secret"),
    "codecommit": ("codecommit", Sender.ACCOUNT, "whoever may push sets it in motion"),
    "codepipeline": ("codepipeline", Sender.ACCOUNT, "whoever may push sets it in motion"),
    "batchoperations.s3": ("s3-batch", Sender.ACCOUNT, "whoever may start a batch of S3"),
    "s3-object-lambda": ("s3-object-lambda", Sender.ACCOUNT, "whoever may read through the access point"),
    "cloudformation": ("custom-resource", Sender.PLATFORM, "CloudFormation calls it"),
    "states": ("step-functions", Sender.ACCOUNT, "a state machine outside this template"),
    "edgelambda": ("cloudfront", Sender.ANYONE, "whoever requests a page"),
}


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """Only what opens a function to people: what a service may do shows where that service is set up."""
    properties = item.properties
    function = draft.function_of(properties.get("FunctionName"))
    principal = properties.at("Principal")
    if not function or principal is None or certain(properties.at("FunctionUrlAuthType")) is not None:
        return
    through = properties.at("InvokedViaFunctionUrl")
    if through is not None and draft.truth(through):
        return  # allows no more than the URL does
    restricted = any(certain(properties.at(key)) is not None for key in _RESTRICTING)
    settled = [draft.resolver.settled(value) for value in possible(principal)]
    who = "*" if "*" in settled else next((value for value in settled if _is_other(value)), None)
    sender: Who
    if who == "*" and not restricted:
        sender = (Sender.ANYONE, "this permission lets everyone invoke it")
    elif who == "*" or _is_other(who):
        sender = (Sender.OTHER_ACCOUNT, f"this permission lets {'others' if who == '*' else who} invoke it")
    else:
        return
    yield made(function, whole(item), "direct", f"invocation allowed by {item.id}", sender)


def _is_other(who: Value) -> bool:
    """Whether a principal is somebody in an account that is not known to be this one."""
    if isinstance(who, str):
        return who.isdecimal() or who.startswith("arn:")
    return isinstance(who, Text) and flat(who).startswith("arn:") and Ref("AWS::AccountId") not in who.parts


def services(draft: Draft, function: str) -> Iterator[Trigger]:
    """What permissions say about a function that nothing in the template is seen to call.

    A service that is set up elsewhere (an API in another stack, a bucket that is told by a script) needs a permission
    here all the same.
    """
    for item in draft.naming(TYPES[0], "FunctionName").get(function, ()):
        principals = possible(item.properties.at("Principal"))
        for service in dict.fromkeys(_service(draft.resolver.settled(value)) for value in principals):
            if service:
                yield _called(draft, function, item, service)


def _called(draft: Draft, function: str, item: Declared, service: str) -> Trigger:
    source, sender, why = _SERVICES.get(service, ("unknown", Sender.ACCOUNT, f"{service} may call it"))
    arn = item.properties.get("SourceArn")
    narrowed = any(certain(item.properties.at(key)) is not None for key in ("SourceArn", "SourceAccount"))
    if not narrowed and sender is Sender.ACCOUNT:
        sender, why = Sender.OTHER_ACCOUNT, f"{why}, in any account: the permission names no source"
    resource = draft.target(arn)
    if resource and sender is Sender.ACCOUNT:
        sender, why = Sender.APP, f"{resource} is part of this app"
    name = f"calls of {service} for {resource or label(arn)}" if arn is not None else f"calls of {service}"
    return made(function, whole(item), source, name, (sender, why), resource)


def _service(principal: Value) -> str:
    """``s3`` of ``s3.amazonaws.com``."""
    if not isinstance(principal, str):
        return ""
    service, dot, _ = principal.partition(".amazonaws.com")
    service = service if dot else principal.removesuffix(".amazon.com") if principal.endswith(".amazon.com") else ""
    return "logs" if service.startswith("logs.") else service
