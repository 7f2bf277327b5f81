"""The graph for people and machines: ``text``, ``json``, ``html``, each with ``render(pictures) -> str``."""
