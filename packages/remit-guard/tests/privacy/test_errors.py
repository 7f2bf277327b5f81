import json

import pytest

from remit_guard.privacy.errors import shows_error

SEEN = [("OperationalError", 'near "x": syntax error'), ("KeyError", "'id'")]


@pytest.mark.parametrize(
    ("body", "status", "shown"),
    [
        ('{"ok": true}', 200, ""),
        ('Traceback (most recent call last):\n  File "/var/task/app.py", line 1', 200, "trace"),
        (json.dumps({"trace": '  File "/var/task/app.py", line 1, in handler'}), 200, "trace"),
        (json.dumps({"error": 'near "x": syntax error'}), 200, "OperationalError"),
        ("KeyError: 'id'", 400, "KeyError"),
        ("the id is 'id'", 400, ""),
        ("'NoneType' object has no attribute 'get'", 500, "message"),
        ("'NoneType' object has no attribute 'get'", 200, ""),
        ("quantity must be positive", 400, ""),
    ],
)
def test_shows_error(body: str, status: int, shown: str) -> None:
    assert shows_error(body, SEEN, status) == shown
