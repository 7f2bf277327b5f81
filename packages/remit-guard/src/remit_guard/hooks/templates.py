"""Template engines: texts before they are compiled."""

from remit_guard.hooks.gate import effect
from remit_guard.hooks.wrap import before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _text(source: "Any", engine: str) -> None:
    if isinstance(source, bytes):
        source = source.decode("utf-8", "replace")
    if isinstance(source, str) and source:
        effect("template", source, engine)


def patch_jinja2(module: "Any") -> None:
    """Jinja: templates made of texts (files are the developer's); ``Template(text)`` ends there, too."""

    def look(_self: object, source: "Any" = None, *_: "Any", **__: "Any") -> None:
        _text(source, "jinja")

    before(module.Environment, "from_string", look)


def patch_mako(module: "Any") -> None:
    """Mako: ``Template(text)``."""

    def look(_self: object, text: "Any" = None, *_: "Any", **__: "Any") -> None:
        _text(text, "mako")

    before(module.Template, "__init__", look)


def patch_django(module: "Any") -> None:
    """Django: ``Template(text)``, by which the engines make theirs."""

    def look(_self: object, template_string: "Any" = None, *_: "Any", **__: "Any") -> None:
        _text(str(template_string) if template_string is not None else None, "django")

    before(module.Template, "__init__", look)


def patch_tornado(module: "Any") -> None:
    """Tornado: ``Template(text)``."""

    def look(_self: object, template_string: "Any" = None, *_: "Any", **__: "Any") -> None:
        _text(template_string, "tornado")

    before(module.Template, "__init__", look)


def patch_chameleon(module: "Any") -> None:
    """Chameleon: pages and texts."""

    def look(_self: object, body: "Any" = None, *_: "Any", **__: "Any") -> None:
        _text(body, "chameleon")

    for name in ("PageTemplate", "PageTextTemplate"):
        if hasattr(module, name):
            before(getattr(module, name), "__init__", look)


#: What to patch when it is imported.
PATCHES: "dict[str, Callable[[Any], None]]" = {
    "jinja2.environment": patch_jinja2,
    "mako.template": patch_mako,
    "django.template.base": patch_django,
    "tornado.template": patch_tornado,
    "chameleon.zpt.template": patch_chameleon,
}
