"""Where sinks are reached in a live process: audit events, and patches of libraries the function itself imports.

Hooks only translate: they tell the gate what is about to happen. What to think of it is
decided by the checks that the platform's entry point installs in the gate.
"""
