import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.privacy.redact import MAX_TEXT, luhn, redact, secret_values


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("paid with 4111 1111 1111 1111 today", "paid with [redacted card] today"),
        ("paid with 4111-1111-1111-1111", "paid with [redacted card]"),
        ("amex 378282246310005.", "amex [redacted card]."),
        ("order 4111111111111112", "order 4111111111111112"),  # no check digit
        ("id 1234567890123", "id 1234567890123"),  # no issuer starts with 1
        ("at 1700000000.123456789012345", "at 1700000000.123456789012345"),
        ("from ada@example.org to", "from [redacted email] to"),
        ("Authorization: Bearer abcdef1234567890", "Authorization: [redacted]"),
        ("sent Bearer abcdef1234567890 there", "sent Bearer [redacted token] there"),
        ("t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "t=[redacted token]"),
        ("key AKIAIOSFODNN7EXAMPLE", "key [redacted AWS key]"),
        ("password=hunter2&x=1", "password=[redacted]&x=1"),
        ("{'db_password': 'hun ter', 'a': 1}", "{'db_password': '[redacted]', 'a': 1}"),
        ('{"apiKey":"k-1","a":1}', '{"apiKey":"[redacted]","a":1}'),
        ('{"body":"{\\"password\\":\\"x y\\"}"}', '{"body":"{\\"password\\":\\"[redacted]\\"}"}'),
        ("postgres://app:pa55@db/x", "postgres://app:[redacted password]@db/x"),
        ("Invalid token: expected a name", "Invalid token: expected a name"),
        ("password: null", "password: null"),
        ("nothing here: 12 of 15 rows in 0.3 s", "nothing here: 12 of 15 rows in 0.3 s"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----", "[redacted private key]"),
    ],
)
def test_redact(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_an_event_dumped_whole() -> None:
    event = {
        "headers": {"authorization": "Bearer abc.def.ghi", "cookie": "session=1; b=2", "host": "h"},
        "body": json.dumps({"password": 'a"b', "card": "4111111111111111", "mail": "a@b.example"}),
    }
    for text in (json.dumps(event), str(event), repr(json.dumps(event))):
        shown = redact(text)
        for secret in ("abc.def", "session=1", 'a\\"b', "4111", "a@b.example"):
            assert secret not in shown, shown
        assert "host" in shown


def test_exact_secrets_of_the_environment() -> None:
    found = secret_values(
        {
            "DB_PASSWORD": "correct horse",
            "API_TOKEN": "short",
            "SECRET_NAME": "prod/database",
            "TOKEN_TABLE": "TokensTable",
            "PAYMENT_KEY_ARN": "arn:aws:x:secret",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
            "PATH": "/usr/bin:/bin",
        }
    )
    assert set(found) == {"correct horse", "wJalrXUtnFEMI"}
    assert redact("login with correct horse", found) == "login with [redacted secret]"


def test_luhn() -> None:
    assert luhn([int(digit) for digit in "4111111111111111"])
    assert not luhn([int(digit) for digit in "4111111111111112"])


@given(st.text(), st.text(alphabet="abz019 -@.:=\"'\\{}eyJBearerpassword", max_size=200))
def test_any_text_and_twice_is_once(first: str, second: str) -> None:
    for text in (first, second, first + "password=" + second):
        once = redact(text)
        assert isinstance(once, str)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "4",
        "4 ",
        "password=",
        'password:\\"',
        "eyJ",
        "a.a@",
        "eyJaaaaaaaa.",
        "-----BEGIN PRIVATE KEY-----",
        "://a:",
        "password='",
        "Bearer ",
        "4111-",
    ],
)
def test_hostile_repetition_ends(piece: str) -> None:
    # Quadratic patterns take minutes on this and show as a hanging test.
    assert len(redact(piece * (MAX_TEXT // len(piece)))) > 0


@pytest.mark.parametrize(
    "key",
    ["ghp_" + "a1" * 18, "github_pat_" + "a1_" * 9, "sk_" + "live_" + "4e" * 12, "xoxb-" + "123456789012-abcdefghijkl"],
)
def test_keys_of_well_known_services(key: str) -> None:
    assert redact(f"call with {key} failed") == "call with [redacted token] failed"


def test_counts_of_tokens_are_no_tokens() -> None:
    assert redact("max_tokens=4096 total_tokens: 512") == "max_tokens=4096 total_tokens: 512"
    assert redact("token=4096") == "token=[redacted]"
