"""All triggers of a template: SAM events, function URLs, routes of APIs, and whatever else its resources wire up."""

from collections.abc import Iterable

from remit.app.model import Function, Sender, Trigger
from remit.read import apis, wiring
from remit.read.callers import add_callers
from remit.read.draft import Draft
from remit.read.functions import SAM_FUNCTION
from remit.read.limits import add_limits
from remit.read.sam_events import read_sam_events
from remit.read.wiring.leftovers import leftovers
from remit.read.wiring.url import url_trigger


def read_triggers(draft: Draft) -> None:
    """Adds every trigger; a function without any can still be invoked directly.

    What delivers to anything but a function (a route to a queue, a rule to a state machine) goes to ``draft.feeds``.
    """
    functions = {function.id for function in draft.functions}
    for declared in draft.of_type(SAM_FUNCTION):
        _add(draft, functions, read_sam_events(draft, declared))
        url = declared.properties.at("FunctionUrlConfig")
        if url is not None:
            draft.triggers.append(url_trigger(draft, declared.id, url))
    for declared in draft.of_type("AWS::Serverless::StateMachine"):
        _add(draft, functions, read_sam_events(draft, declared))
    _add(draft, functions, wiring.read(draft))
    apis.read(draft)
    add_callers(draft)
    add_limits(draft)
    attached = {trigger.function for trigger in draft.triggers}
    for function in draft.functions:
        if function.id not in attached:
            draft.triggers += list(leftovers(draft, function.id)) or [_direct(function)]


def _add(draft: Draft, functions: set[str], found: Iterable[Trigger]) -> None:
    for trigger in found:
        (draft.triggers if trigger.function in functions else draft.feeds).append(trigger)


def _direct(function: Function) -> Trigger:
    because = ((function.location, "nothing in the template triggers it; who may invoke it can"),)
    return Trigger(function.id, "direct", "direct invocation", function.location, Sender.ACCOUNT, because, implied=True)
