"""Every figure we claim, as a command: ``python -m bench.NAME [--json] [--data DIR]``.

Each runs the peer it compares with in the same run, because absolute times of two runs cannot be compared.
"""
