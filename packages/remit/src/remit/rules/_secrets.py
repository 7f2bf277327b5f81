"""Which found secrets stand in the environment of a function, and which elsewhere."""

from collections.abc import Iterator

from remit.app.facts import Facts, SecretFound


def in_environment(facts: Facts) -> Iterator[tuple[SecretFound, list[str], str]]:
    """Secrets among environment variables: the secret, the functions that get it, the variable's name."""
    places: dict[tuple[str, int], tuple[list[str], str]] = {}
    for function in facts.app.functions:
        for name, node in function.environment.items():
            for line in {node.location.line, (node.key or node.location).line}:
                places.setdefault((node.location.file, line), ([], name))[0].append(function.id)
    seen = set()
    for secret in facts.secrets:
        key = (secret.location.file, secret.location.line)
        if key in places and key not in seen:
            seen.add(key)
            functions, name = places[key]
            yield secret, list(dict.fromkeys(functions)), name


def elsewhere(facts: Facts) -> Iterator[SecretFound]:
    """Every other secret."""
    inside = {(secret.location.file, secret.location.line) for secret, _, _ in in_environment(facts)}
    return (secret for secret in facts.secrets if (secret.location.file, secret.location.line) not in inside)
