"""What a route's API says about browsers of other websites (CORS) and about too many requests (throttles)."""

from collections.abc import Iterator, Mapping

from remit.app.model import Cors, Throttle, Trigger
from remit.app.node import Node, possible
from remit.app.noun import replace
from remit.read.draft import Draft
from remit.read.wiring.attach import each, entries, place_of

_ROUTES = ("http-api", "rest-api", "websocket", "function-url")
_STAGES = (("AWS::ApiGateway::Stage", "RestApiId"), ("AWS::ApiGatewayV2::Stage", "ApiId"))
_ORIGINS = ("AllowOrigins", "AllowOrigin", "allowOrigins")
_CREDENTIALS = ("AllowCredentials", "allowCredentials")


def add_limits(draft: Draft) -> None:
    """Gives every route its CORS settings and its narrowest throttle."""
    draft.triggers = [_limited(draft, trigger) for trigger in draft.triggers]


def _limited(draft: Draft, trigger: Trigger) -> Trigger:
    if trigger.source not in _ROUTES:
        return trigger
    cors = _cors(draft, trigger)
    throttles = list(_throttles(draft, trigger)) if trigger.resource in draft.declared else []
    if cors is None and not throttles:
        return trigger
    narrowest = min(
        throttles, key=lambda found: found.rate if found.rate is not None else found.burst or 0.0, default=None
    )
    return replace(trigger, cors=cors, throttle=narrowest)


def _cors(draft: Draft, trigger: Trigger) -> Cors | None:
    declared = draft.declared.get(trigger.resource)
    owners = [trigger.properties] if trigger.source == "function-url" else [declared.properties if declared else None]
    for owner in owners:
        for key in ("Cors", "CorsConfiguration"):
            node = owner.at(key) if owner is not None else None
            if node is not None:
                return _settings(draft, node)
        for body in ("Body", "DefinitionBody"):
            node = owner.at(body, "x-amazon-apigateway-cors") if owner is not None else None
            if node is not None:
                return _settings(draft, node)
    return None


def _settings(draft: Draft, node: Node) -> Cors:
    """A mapping of settings; SAM takes one origin, or ``true`` for every website, as well."""
    if not isinstance(node.value, Mapping):
        words = [word.strip("'\"") if isinstance(word, str) else word for word in possible(node)]
        every = tuple("*" if word in (True, "true") else word for word in words)
        return Cors(every, credentials=False, location=place_of(node))
    listed = next((found for key in _ORIGINS if (found := node.at(key)) is not None), None)
    origins = [value for item in each(listed) for value in possible(item)]
    cleaned = tuple(origin.strip("'\"") if isinstance(origin, str) else origin for origin in origins)
    said = [value for key in _CREDENTIALS for value in possible(node.at(key))]
    credentials = any(str(draft.resolver.settled(value)).strip("'\"").lower() == "true" for value in said)
    return Cors(cleaned, credentials, place_of(node))


_EVERY, _KEY = "", "key"


def _throttles(draft: Draft, trigger: Trigger) -> Iterator[Throttle]:
    """Every limit that holds for a route: of its stages, of itself, of each key."""
    known = draft.once(f"limits of {trigger.resource}", lambda: list(_of_api(draft, trigger.resource)))
    keyed = trigger.authorizer is not None and trigger.authorizer.kind == "api-key"
    own = "$default" if trigger.name == "every other route" else trigger.name
    for route, throttle in known:
        if route in (_EVERY, own) or (keyed and throttle.by == _KEY):
            yield throttle


def _of_api(draft: Draft, api: str) -> Iterator[tuple[str, Throttle]]:
    """The limits of an API, each with the route it is for; those for keys with the word ``key``."""
    properties = draft.declared[api].properties
    holders = [properties]
    for type_, key in _STAGES:
        holders += [stage.properties for stage in draft.naming(type_, key).get(api, ())]
    for holder in holders:
        yield from _of(draft, holder.at("DefaultRouteSettings"), _EVERY, "stage")
        for key, node in entries(holder.at("RouteSettings")):
            yield from _of(draft, None if node.absent else node, key, "route")
        for node in each(holder.at("MethodSettings")):
            if node.absent:
                continue
            path, method = (draft.word(node.at(key)) for key in ("ResourcePath", "HttpMethod"))
            if path in ("/*", "*") and method == "*":
                yield from _of(draft, node, _EVERY, "stage")
            else:
                yield from _of(draft, node, f"{method} {path.replace('~1', '/')}", "route")
    yield from _of(draft, properties.at("Auth", "UsagePlan", "Throttle"), _KEY, _KEY)
    plans = draft.once("usage plans", lambda: _plans(draft))
    for plan in plans.get(api, ()):
        yield from _of(draft, plan, _KEY, _KEY)


def _plans(draft: Draft) -> dict[str, list[Node]]:
    """The throttles of usage plans, by API."""
    found: dict[str, list[Node]] = {}
    for plan in draft.of_type("AWS::ApiGateway::UsagePlan"):
        throttle = plan.properties.at("Throttle")
        if throttle is None:
            continue
        for stage in each(plan.properties.at("ApiStages")):
            found.setdefault(draft.target(stage.get("ApiId")), []).append(throttle)
    return found


def _of(draft: Draft, node: Node | None, route: str, by: str) -> Iterator[tuple[str, Throttle]]:
    if node is None:
        return
    rate = _number(draft, node.at("ThrottlingRateLimit") or node.at("RateLimit"))
    burst = _number(draft, node.at("ThrottlingBurstLimit") or node.at("BurstLimit"))
    if rate is not None or burst is not None:
        yield route, Throttle(rate, burst, by, place_of(node))


def _number(draft: Draft, node: Node | None) -> float | None:
    """A number that is known; a negative one switches the limit off."""
    try:
        number = float(draft.word(node))
    except ValueError:
        return None
    return number if number >= 0 else None
