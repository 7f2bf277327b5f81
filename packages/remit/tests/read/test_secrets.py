import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.read.secrets import find, looks_real, redact

# Put together at run time, so that no scanner (ours included) takes this file for a leak.
AWS_KEY = "AKIA" + "Q3EGRX7PLZ5BTHN2"
STRIPE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"


@pytest.mark.parametrize(
    "text",
    [
        f'key = "{AWS_KEY}"',
        f"STRIPE_KEY: {STRIPE}",
        'password = "cjMAF3ioObaw' + 'gwnKKm"',
        "Environment:\n  Variables:\n    DB_PASSWORD: JoKWSdpL8c" + "MQYvYC5a6z\n",
        "url = 'postgres://admin:9JwVBkUc" + "YpN9KPta@db.internal:5432/app'",
        '{"client_secret": "Z64UZXKAZW1s' + '7G6h8WpZomCoE4QS"}',
        "const apiKey = `9f8a7b6c5d" + "4e3f2a1b0c`;",
    ],
)
def test_a_secret_is_found_and_never_shown(text: str) -> None:
    (found,) = find({"a.py": text})
    secret = (
        text.split("9JwV")[-1][:12]
        if "postgres" in text
        else max(text.replace('"', " ").replace("`", " ").split(), key=len)
    )
    assert secret.strip("'") not in found.excerpt
    assert "•••" in found.excerpt


@pytest.mark.parametrize(
    "text",
    [
        "password: ${ssm:/app/db}",
        "DB_PASSWORD: !Ref DbPassword",
        'api_key = os.environ["API_KEY"]',
        'password = "changeme"',
        'secret = "YOUR_SECRET_HERE"',
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "SecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
        'password = "{{resolve:secretsmanager:prod:SecretString:password}}"',
        "token = get_token()",
        'SECRET_NAME = "orders/database-credentials"',
        'token_url = "https://auth.example.com/oauth2/token"',
        'secret_id = "6f1b2c9e-8a44-4c3f-9f5d-1d2a3b4c5d6e"',
        'DB_SECRET: "MyDatabaseSecret"',
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert find({"a.yaml": text}) == ()


def test_the_place_is_exact_and_the_function_is_named() -> None:
    text = "import os\n\nkey = '" + AWS_KEY + "'\n"
    (found,) = find({"src/pay/app.py": text, "src/other.py": ""}, [("Pay", "src/pay"), ("Other", "src")])
    assert (found.location.line, found.location.column, found.location.end_column) == (3, 8, 28)
    assert found.function == "Pay"


def test_one_place_is_reported_once_by_its_shape() -> None:
    (found,) = find({"a.py": f'api_key = "{STRIPE}"'})
    assert "stripe" in found.kind


@given(st.text(alphabet=string.printable + "İé\u2028", max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for found in find({"x": "token = " + text + AWS_KEY}):
        assert found.location.line >= 1


@given(st.text(min_size=1, max_size=40))
def test_redaction_shows_at_most_five_characters(secret: str) -> None:
    shown = redact(secret).replace("•••", "")
    assert len(shown) <= 5
    assert len(shown) < len(secret) or looks_real(secret) is False or shown == ""
