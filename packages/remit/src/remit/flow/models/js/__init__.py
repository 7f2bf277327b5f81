"""What libraries of JavaScript do: one module per family, each with ``FUNCTIONS`` and ``METHODS``.

A function is named by its package and its path in it: ``child_process.exec``, ``@aws-sdk/client-s3.S3Client``.
"""
