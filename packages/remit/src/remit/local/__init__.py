"""Functions on this machine: the real runtime client in a child process, and a local cloud around it.

Nothing here leaves 127.0.0.1. ``runtime_api`` runs one function the way Lambda runs it; ``cloud`` puts the resources of
an App beside it and delivers their events.
"""
