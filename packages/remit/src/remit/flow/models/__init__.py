"""What libraries do with values: one module per family, most of it tables.

A model says where arguments become effects, what comes back, and for which sinks it is harmless then.
"""
