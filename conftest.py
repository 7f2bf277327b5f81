"""For every test: examples are found by meaning, never by the clock (a busy machine is no failure)."""

from hypothesis import settings

settings.register_profile("remit", deadline=None)
settings.load_profile("remit")
