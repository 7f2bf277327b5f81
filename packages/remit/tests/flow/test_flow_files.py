"""Files and folders that are written, read, moved and removed; addresses in their place."""

import pytest

from remit.app.value import Ref

CASES = [
    ("os.rename('/tmp/a', '/tmp/b')", ["w /tmp/a", "w /tmp/b"]),
    ("os.makedirs('/mnt/efs/x', exist_ok=True)", ["w /mnt/efs/x"]),
    ("os.unlink(path='/tmp/a')", ["w /tmp/a"]),
    ("os.listdir('/mnt/efs')", ["r /mnt/efs"]),
    ("pathlib.Path('/tmp/a').unlink()", ["w /tmp/a"]),
    ("pathlib.Path('/tmp/a').rename('/tmp/b')", ["w /tmp/a", "w /tmp/b"]),
    ("list(pathlib.Path('/mnt').glob('*'))", ["r /mnt"]),
    ("tempfile.mkdtemp()", ["w /tmp/*"]),
    ("tempfile.NamedTemporaryFile(dir='/mnt/x')", ["w /mnt/x/*"]),
    ("tempfile.TemporaryDirectory(dir=None)", ["w /tmp/*"]),
    ("sqlite3.connect('/tmp/x.db').execute('select 1')", ["w /tmp/x.db"]),
    ("sqlite3.connect(':memory:')", []),
    ("pandas.DataFrame({}).to_csv('/tmp/x.csv')", ["w /tmp/x.csv"]),
    ("zipfile.ZipFile('/tmp/a.zip').extractall('/tmp/out')", ["r /tmp/a.zip", "w /tmp/out/*"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "told"), CASES)
def test_every_change_of_a_file_is_an_effect(study, code, told):
    names = "os, pathlib, tempfile, sqlite3, pandas, zipfile"
    analysis = study(f"import {names}\ndef handler(event, context):\n    {code}\n")
    assert sorted(f"{'w' if item.write else 'r'} {item.path}" for item in analysis.effects.files) == told


@pytest.mark.parametrize(
    "code",
    [
        "pandas.read_csv('s3://b/k')",
        "pandas.read_parquet(f\"s3://{os.environ['BUCKET']}/k\")",
        "pandas.DataFrame({}).to_parquet('s3://b/k')",
    ],
)
def test_a_table_in_a_bucket_is_an_unresolved_call(study, code):
    analysis = study(
        f"import os, pandas\ndef handler(event, context):\n    {code}\n", environment={"BUCKET": Ref("Files")}
    )
    assert [(call.service, "s3://" in call.unresolved) for call in analysis.effects.calls] == [("s3", True)]
    assert not analysis.effects.files


def test_a_table_behind_an_address_reaches_its_host(study):
    analysis = study("import pandas\ndef handler(event, context):\n    pandas.read_csv('https://data.example/a.csv')\n")
    assert [(reach.host, reach.port) for reach in analysis.effects.reaches] == [("data.example", 443)]
