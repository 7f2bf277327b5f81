"""Does an effect leave the remit? Pure decisions over programs, hosts, files and cloud calls.

Beside them the probe that says which protection of the kernel exists here. What enforces the decisions today is the
floor tier: hooks in the interpreter.
"""
