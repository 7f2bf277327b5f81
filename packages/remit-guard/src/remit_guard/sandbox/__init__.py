"""Does an effect leave the remit? Pure decisions over programs, hosts, files and cloud calls, and what enforces them.

``floor`` and ``seal`` keep enforced verbs in the interpreter, out of the process's own reach; ``kernel`` has the kernel keep
them, where it grants that and the user asks for it; ``probe`` says what it would grant.
"""
