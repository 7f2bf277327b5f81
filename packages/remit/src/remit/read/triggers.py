"""All triggers of a template: SAM events, function URLs, and what plain CloudFormation wires up."""

from remit.app.model import Authorizer, Function, Sender, Trigger
from remit.app.node import Node
from remit.read import apis, wiring
from remit.read.draft import Draft
from remit.read.functions import SAM_FUNCTION
from remit.read.sam_events import read_sam_events


def read_triggers(draft: Draft) -> None:
    """Adds every trigger; a function without any can still be invoked directly."""
    for declared in draft.of_type(SAM_FUNCTION):
        draft.triggers += read_sam_events(draft, declared)
        url = declared.properties.at("FunctionUrlConfig")
        if url is not None:
            draft.triggers.append(url_trigger(draft, declared.id, url))
    for declared in draft.of_type("AWS::Serverless::StateMachine"):
        draft.feeds += read_sam_events(draft, declared)
    draft.triggers += wiring.read(draft)
    apis.read(draft)
    _read_the_rest(draft)


def _read_the_rest(draft: Draft) -> None:
    attached = {trigger.function for trigger in draft.triggers}
    for function in draft.functions:
        if function.id not in attached:
            draft.triggers += list(wiring.leftovers(draft, function.id)) or [_direct(function)]


def url_trigger(draft: Draft, function: str, url: Node) -> Trigger:
    """A function URL: open to everyone unless IAM checks the caller."""
    auth = url.at("AuthType")
    where = (auth.key or auth.location) if auth else (url.key or url.location)
    location = url.key or url.location
    kind = draft.word(auth)
    if kind == "AWS_IAM":
        because = ((where, "IAM checks the caller"),)
        return Trigger(
            function, "function-url", "function URL", location, Sender.ACCOUNT, because, "", Authorizer("iam"), url
        )
    because = ((where, "the function URL checks nobody" if kind == "NONE" else "the function URL may check nobody"),)
    return Trigger(function, "function-url", "function URL", location, Sender.ANYONE, because, "", None, url)


def _direct(function: Function) -> Trigger:
    because = ((function.location, "nothing in the template triggers it; who may invoke it can"),)
    return Trigger(function.id, "direct", "direct invocation", function.location, Sender.ACCOUNT, because, implied=True)
