"""A minute that explains the product: leaky-shop read, locked, run on the real runtime, used, attacked and watched.

``python -m examples.demo`` (``make demo``). Nothing printed here is a constant: every figure is counted or measured in
the run, and the exit status says whether the claims hold.
"""
