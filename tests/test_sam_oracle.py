"""Remit's reading of SAM against the SAM translator's, on small templates: every rule of the transform that Remit knows, and
every difference that ``bench/_sam_justified.py`` calls understood.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bench._sam_facts import Fact, facts
from bench._sam_justified import ENTRIES, Pair, justified
from bench.sam_oracle import compare, read

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = "Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.12, CodeUri: s3://b/k"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def verdict(tmp_path: Path, text: str) -> tuple[set[str], tuple[str, ...]]:
    """The entries that explain the differences on one template, and the differences that nothing explains."""
    path = tmp_path / "template.yaml"
    path.write_text(text if text.startswith("{") else HEAD + text)
    found = compare(path)
    assert found.word in ("equal", "different"), found
    return set(found.reasons), found.unexplained


TEMPLATES = yaml.safe_load(Path(__file__).with_name("sam_oracle_templates.yaml").read_text())
#: Entry to the smallest template that shows the difference.
UNDERSTOOD = TEMPLATES["understood"]
#: Templates that both read alike, apart from what the entries explain.
ALIKE = TEMPLATES["alike"]


def test_every_entry_is_shown() -> None:
    assert set(UNDERSTOOD) == set(ENTRIES)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_understood_difference(tmp_path: Path, name: str) -> None:
    reasons, unexplained = verdict(tmp_path, json.dumps(UNDERSTOOD[name]))
    assert unexplained == ()
    assert name in reasons


#: Facts that no entry may explain away, whatever the template: what people must be able to rely on.
NEVER = [
    ("-", Fact("grant", "FRole", "Allow s3:getobject on *")),
    ("+", Fact("grant", "FRole", "Allow s3:getobject on *")),
    ("-", Fact("opaque", "FRole", "Something")),
    ("-", Fact("environment", "F", "A=b")),
    ("+", Fact("environment", "F", "A=b")),
    ("-", Fact("policy", "Q", "Allow sqs:* on * to *")),
    ("-", Fact("trigger", "F", "rest-api GET /a of ServerlessRestApi from ANYONE")),
    ("+", Fact("trigger", "F", "sqs of Q from APP")),
    ("-", Fact("resource", "Extra", "AWS::S3::Bucket")),
    ("-", Fact("resource", "XRole", "AWS::IAM::Role")),
    ("-", Fact("function", "F", "role Other")),
]


@pytest.mark.parametrize(("side", "fact"), NEVER)
def test_no_entry_explains_everything(tmp_path: Path, side: str, fact: Fact) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(json.dumps(UNDERSTOOD["attachment-is-a-trigger"]))
    ours, _ = read(path)
    assert ours is not None
    written = {
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {}}, "Q": {"Type": "AWS::SQS::Queue"}}
    }
    made = {
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {}},
            fact.subject: {"Type": fact.text, "Properties": {}},
        }
    }
    assert justified(Pair(written, made, ours, ours), side, fact) == ""


@pytest.mark.parametrize("name", ALIKE)
def test_read_alike(tmp_path: Path, name: str) -> None:
    assert verdict(tmp_path, json.dumps(ALIKE[name]))[1] == ()


def test_every_policy_template_expands_alike(tmp_path: Path) -> None:
    import samtranslator

    data = Path(samtranslator.__file__).parent / "policy_templates_data/policy_templates.json"
    templates = json.loads(data.read_text())["Templates"]
    assert len(templates) >= 80
    text = "Resources:\n"
    for number, (name, template) in enumerate(templates.items()):
        given = dict.fromkeys(template.get("Parameters", {}), f"value-{number}")
        text += f"  F{number}: {{{FUNCTION}, Policies: [{{{name}: {json.dumps(given)}}}]}}}}\n"
    assert verdict(tmp_path, text)[1] == ()
    app, _ = read(tmp_path / "template.yaml")
    assert app is not None
    for number, name in enumerate(templates):
        role = app.roles[f"F{number}Role"]
        assert role.opaque == ()
        assert any(grant.origin == f"template:{name}" for grant in role.grants), name


def test_what_is_not_known_is_opaque_and_never_silent(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    policies = "[{NoSuchPolicy: {A: b}}, NoSuchManagedPolicy, 'arn:aws:iam::1:policy/own', !ImportValue other]"
    path.write_text(HEAD + f"Resources:\n  F: {{{FUNCTION}, Policies: {policies}}}}}\n")
    app, _ = read(path)
    assert app is not None
    told = [text for text, _ in app.roles["FRole"].opaque]
    assert len(told) == 4
    assert any("NoSuchPolicy" in text for text in told)
    assert "NoSuchManagedPolicy" in told


def test_facts_see_one_changed_word(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    kept = []
    for action in ("s3:GetObject", "s3:PutObject"):
        statement = f"[{{Effect: Allow, Action: {action}, Resource: '*'}}]"
        path.write_text(HEAD + f"Resources:\n  F: {{{FUNCTION}, Policies: [{{Statement: {statement}}}]}}}}\n")
        app, _ = read(path)
        assert app is not None
        kept.append(facts(app))
    assert len(kept[0] ^ kept[1]) == 2
