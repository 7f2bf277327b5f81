"""For tests of your own functions: a playbook of events and verdicts, ready-made events, attacks and harmless values.

Never loaded by ``import remit_guard``: a function in production does not pay for it.
"""
