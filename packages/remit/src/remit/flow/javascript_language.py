"""JavaScript and TypeScript as the machine knows them."""

from remit.flow import javascript_access as access
from remit.flow.javascript_guards import facts
from remit.flow.javascript_modules import Loader, handler
from remit.flow.language import Language
from remit.flow.models.js import table
from remit.flow.values import Thing, Val


def _around() -> list[Val]:
    """The context, and the function that answers in the old style."""
    return [Val((Thing("aws.Context"),)), Val((Thing("js.Callback"),))]


JAVASCRIPT = Language(
    name="javascript",
    loader=Loader,
    handler=handler,
    around=_around,
    builtin=access.builtin,
    attribute=access.attribute,
    index=access.index,
    elements=access.elements,
    set_attribute=access.set_attribute,
    construct=access.construct,
    function=table.function,
    method=table.method,
    thing=table.thing,
    unknown=table.unknown_call,
    package=table.package,
    declared=table.declared,
    facts=facts,
)
__all__ = ["JAVASCRIPT"]
