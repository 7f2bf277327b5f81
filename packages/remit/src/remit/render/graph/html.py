"""The graph as one HTML file that needs nothing else; a little script of our own only makes it answer to the hand."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

from remit.graph import condensed, cut_out, groups
from remit.graph.nouns import Picture, Pictures
from remit.render._totals import plural
from remit.render.graph import _facts, _paths, _svg
from remit.render.graph._icons import symbols
from remit.render.graph._mark import text


def render(pictures: Pictures) -> str:
    """Writes the page; everything out of a template or code is escaped.

    Args:
        pictures: the apps.
    """
    style, script = (
        files(__package__).joinpath("assets", name).read_text("utf-8") for name in ("graph.css", "graph.js")
    )
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    names = ", ".join(app.name for app in pictures.apps[:3]) or "nothing to draw"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{text(names)} · Remit graph</title>\n<style>{style}</style>"
    )
    many = len(pictures.apps) > 1
    sections = "\n".join(
        _section(app, f"a{number}-" if many else "", pictures) for number, app in enumerate(pictures.apps)
    )
    body = (
        f'<svg class="symbols" aria-hidden="true">{symbols()}</svg>\n'
        f"{_contents(pictures) if many else ''}<main>\n{sections or '<p>No app was found.</p>'}\n</main>\n{_incomplete(pictures)}"
        '<aside id="panel" aria-live="polite" aria-label="About what was chosen" hidden>'
        '<button type="button" id="close" aria-label="Close">×</button><div id="chosen"></div></aside>\n'
        f"<footer><p>{text(_about(pictures))}</p></footer>\n"
        f"<script>{script}</script>"
    )
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _hash(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _about(pictures: Pictures) -> str:
    code = "code and template" if pictures.code else "templates only: code was not read, as asked"
    return f"Drawn by remit graph from {code} · {pictures.date} · nothing left this machine"


def _contents(pictures: Pictures) -> str:
    rows = "".join(
        f'<li><a href="#a{number}-app">{text(app.name)}</a> '
        f"<span>{text(app.template)} · {plural(app.functions, 'function')}"
        f"{' · ' + plural(len(app.attacks), 'attack path') if app.attacks else ''}</span></li>"
        for number, app in enumerate(pictures.apps)
    )
    total = plural(sum(app.functions for app in pictures.apps), "function")
    said = f"{len(pictures.apps)} apps, {total}"
    return f'<nav class="contents" aria-label="Apps"><h1 class="whole">{said}</h1><ol>{rows}</ol>{_warning(pictures)}</nav>\n'


def _incomplete(pictures: Pictures) -> str:
    if pictures.complete:
        return ""
    gaps = [str(failure) for failure in pictures.failures]
    gaps += [f"{skip.what}: {skip.why}" for skip in pictures.skips if skip.blind]
    items = "".join(f"<li>{text(gap)}</li>" for gap in dict.fromkeys(gaps))
    return (
        f'<details class="gaps" id="gaps" open><summary>This picture is incomplete: {plural(len(dict.fromkeys(gaps)), "thing")} '
        f"could not be examined</summary><ul>{items}</ul></details>\n"
    )


def _warning(pictures: Pictures) -> str:
    return (
        ""
        if pictures.complete
        else '<p><a class="warn" href="#gaps">Incomplete: something could not be examined.</a></p>'
    )


def _section(app: Picture, prefix: str, pictures: Pictures) -> str:
    sizes = [
        app.form,
        plural(app.functions, "function"),
        plural(app.triggers, "trigger"),
        plural(app.resources, "resource"),
    ]
    parts = groups(app)
    shown = condensed(app, parts) if parts else app
    marks = {f"group:{part.name}": f"{prefix}g{number}-" for number, part in enumerate(parts)}
    inner = "\n".join(
        _group(cut_out(app, part), marks[f"group:{part.name}"], app.name, pictures.shown) for part in parts
    )
    return (
        f'<section class="app" id="{prefix}app"><header><h1>{text(app.name)}</h1>'
        f'<p class="sizes">{text(" · ".join(sizes))} <code>{text(pictures.shown + app.template)}</code></p>'
        f'<p class="lead">{text(_paths.lead(app))}</p>{"" if len(pictures.apps) > 1 else _warning(pictures)}</header>\n'
        f"{_drawn(shown, prefix, app, {name: f'{mark}app' for name, mark in marks.items()})}\n"
        f"{_paths.attacks(shown, prefix, pictures.shown)}\n{_facts.facts(shown, prefix, pictures.shown)}</section>\n{inner}"
    )


def _drawn(app: Picture, prefix: str, whole: Picture, links: Mapping[str, str]) -> str:
    """Tools and picture; ``whole`` is what they count, ``links`` names the page's element that tells more about a node."""
    label = f"{app.name}: who can send, where it comes in, what runs, what it touches; from left to right"
    picture = _svg.svg(_svg.drawing(app, prefix), label, links)
    return f'{_paths.tools(app, prefix, whole)}\n<figure tabindex="0" aria-label="{text(label)}">{picture}</figure>'


def _group(part: Picture, prefix: str, whole: str, shown: str) -> str:
    count = plural(part.functions, "function")
    return (
        f'<section class="app part" id="{prefix}app"><header><h2>{text(part.name)}</h2>'
        f'<p class="sizes">{text(count)} of {text(whole)}</p></header>\n{_drawn(part, prefix, part, {})}\n'
        f"{_paths.attacks(part, prefix, shown)}\n{_facts.facts(part, prefix, shown)}</section>"
    )
