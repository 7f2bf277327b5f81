import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.digest import sha256_hex


@given(st.binary(max_size=300), st.booleans())
def test_it_is_sha256(data: bytes, large: bool) -> None:
    assert sha256_hex(data, large=large) == hashlib.sha256(data).hexdigest()


def test_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = hashlib.sha256(b"x").hexdigest()
    monkeypatch.delitem(__import__("sys").modules, "hashlib")
    assert sha256_hex(b"x") == expected
