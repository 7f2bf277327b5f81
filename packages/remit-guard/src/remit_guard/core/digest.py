"""SHA-256 without the cost of ``hashlib``: that module loads OpenSSL, two milliseconds in a cold start."""

import sys


def sha256_hex(data: "bytes | memoryview", *, large: bool = False) -> str:
    """The SHA-256 of some bytes.

    Args:
        data: what to digest.
        large: there is much to digest (more than about 256 KB in all), so OpenSSL's faster code pays for its load.

    Returns:
        64 hexadecimal digits.
    """
    if large or "hashlib" in sys.modules:
        from hashlib import sha256
    else:
        try:
            from _sha2 import sha256  # type: ignore[no-redef,import-not-found]
        except ImportError:
            try:
                from _sha256 import sha256  # type: ignore[no-redef,import-not-found]  # its name until Python 3.11
            except ImportError:
                from hashlib import sha256
    digest: str = sha256(data).hexdigest()
    return digest
