import pytest

from remit_guard.sandbox.egress import Names, allowed, channels, of_cloud


@pytest.mark.parametrize(
    ("host", "port", "pattern", "fits"),
    [
        ("api.example.com", 443, "api.example.com:443", True),
        ("API.example.com.", 443, "api.example.com:443", True),
        ("api.example.com", 80, "api.example.com:443", False),
        ("api.example.com", None, "api.example.com:443", True),
        ("api.example.com", 8080, "api.example.com", True),
        ("a.b.example.com", 443, "*.example.com:443", True),
        ("example.com", 443, "*.example.com:443", False),
        ("evilexample.com", 443, "*.example.com:443", False),
        ("api.example.com.evil.org", 443, "api.example.com:443", False),
        ("::1", 443, "[::1]:443", True),
        ("10.0.0.1", 443, "api.example.com:443", False),
        ("10.0.0.1", 443, "*", True),
    ],
)
def test_patterns(host: str, port: int | None, pattern: str, fits: bool) -> None:
    assert allowed(host, port, (pattern,), frozenset()) is fits


def test_the_runtimes_own_channels_stay_open() -> None:
    own = channels(
        {
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
            "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/v2/credentials",
            "REMIT_SIGNALS": "/tmp/signals",
        }
    )
    assert own == {"127.0.0.1:9001", "169.254.79.129:2000", "169.254.170.2:80"}
    assert allowed("127.0.0.1", 9001, (), own)
    assert not allowed("127.0.0.1", 9002, (), own)


def test_names_are_remembered_and_bounded() -> None:
    names = Names(limit=2)
    assert names.of("192.0.2.1") == {"192.0.2.1"}
    names.learn("Api.Example.", "192.0.2.1")
    names.learn("other.example", "192.0.2.1")
    assert names.of("192.0.2.1") == {"api.example", "other.example"}
    names.learn("b.example", "192.0.2.2")
    names.learn("c.example", "192.0.2.3")
    assert names.of("192.0.2.1") == {"192.0.2.1"}
    assert names.of("192.0.2.3") == {"c.example"}


@pytest.mark.parametrize(
    ("host", "services", "reached"),
    [
        ("dynamodb.eu-central-1.amazonaws.com", ("dynamodb",), True),
        ("123456789012.ddb.eu-central-1.amazonaws.com", ("dynamodb",), True),
        ("uploads.s3.eu-central-1.amazonaws.com", ("s3",), True),
        ("dynamodb.s3.eu-central-1.amazonaws.com", ("dynamodb",), False),
        ("sqs.eu-central-1.amazonaws.com", ("dynamodb",), False),
        ("eu-central-1.queue.amazonaws.com", ("sqs",), True),
        ("email.eu-central-1.amazonaws.com", ("ses",), True),
        ("sts.amazonaws.com", ("s3",), True),
        ("sts.amazonaws.com", (), False),
        ("sqs.eu-central-1.amazonaws.com", ("*",), True),
        ("s3.eu-central-1.amazonaws.com.evil.example", ("s3",), False),
    ],
)
def test_hosts_of_services_that_are_called(host: str, services: tuple[str, ...], reached: bool) -> None:
    assert of_cloud(host, services) is reached
