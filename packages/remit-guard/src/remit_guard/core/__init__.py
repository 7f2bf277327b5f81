"""The nouns both sides share: what the guard enforces, the tool derives and the watcher reads.

Everything here is a plain class with ``__slots__``: no ``dataclasses`` and no ``typing`` at run time, because
each costs milliseconds in a cold start (see docs/decisions/0002-light-guard.md).
"""
