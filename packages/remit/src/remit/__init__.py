"""Derives, proves, signs, enforces and watches what each serverless function may do."""

__version__ = "0.1.0"
