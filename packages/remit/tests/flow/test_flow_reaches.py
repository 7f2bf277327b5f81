"""Hosts that are reached without HTTP: drivers, caches, queues, mail, shells; and endpoints of SDK clients."""

import pytest

from remit.app.model import App
from remit.app.value import Ref
from remit.iam import derive

CONNECTIONS = [
    ("psycopg2.connect(host='pg.example', port=5433)", ["pg.example:5433"]),
    ("psycopg2.connect('host=pg.example port=5 dbname=x')", ["pg.example:5"]),
    ("psycopg2.connect('postgresql://u:p@pg.example/db')", ["pg.example:5432"]),
    ("psycopg2.pool.SimpleConnectionPool(1, 2, host='pg.example')", ["pg.example:5432"]),
    ("pymysql.connect(host=os.environ['DB'])", ["{Db.Endpoint.Address}:3306"]),
    ("pymysql.connect(user='x')", ["?:3306"]),
    ("pyodbc.connect('Driver=X;Server=tcp:ms.example,1433;')", ["ms.example:*"]),
    ("sqlalchemy.create_engine(f\"mysql+pymysql://u:{os.environ['PW']}@{os.environ['DB']}:3307/x\")",
     ["{Db.Endpoint.Address}:3307"]),
    ("sqlalchemy.create_engine('sqlite:////tmp/x.db')", []),
    ("pymongo.MongoClient('mongodb://u:p@a.example,b.example:99/db')", ["a.example:27017", "b.example:99"]),
    ("redis.Redis(host='r.example')", ["r.example:6379"]),
    ("redis.Redis()", ["localhost:6379"]),
    ("redis.Redis.from_url('rediss://r.example:1/0')", ["r.example:1"]),
    ("opensearchpy.OpenSearch(hosts=[{'host': 'os.example', 'port': 443}])", ["os.example:443"]),
    ("kafka.KafkaProducer(bootstrap_servers=['k.example:9096'])", ["k.example:9096"]),
    ("confluent_kafka.Producer({'bootstrap.servers': 'a.example:1,b.example:2'})", ["a.example:1", "b.example:2"]),
    ("smtplib.SMTP('mail.example', 587)", ["mail.example:587"]),
    ("smtplib.SMTP().connect('mail.example')", ["mail.example:25"]),
    ("smtplib.SMTP()", []),
    ("ftplib.FTP('ftp.example')", ["ftp.example:21"]),
    ("paramiko.SSHClient().connect('ssh.example', 2222)", ["ssh.example:2222"]),
    ("imaplib.IMAP4_SSL('im.example')", ["im.example:993"]),
    ("xmlrpc.client.ServerProxy('https://xr.example/x')", ["xr.example:443"]),
    ("asyncio.run(asyncio.open_connection('ao.example', 80))", ["ao.example:80"]),
    ("redis.Redis(host=event['h'])", ["?:6379"]),
    ("openai.OpenAI()", ["api.openai.com:443"]),
    ("boto3.client('s3', endpoint_url='https://minio.example:9000').list_buckets()", ["minio.example:9000"]),
    ("boto3.client('s3', endpoint_url='https://s3.eu-west-1.amazonaws.com').list_buckets()", []),
]  # fmt: skip


@pytest.mark.parametrize(("code", "hosts"), CONNECTIONS)
def test_a_connection_is_reached_or_unresolved(study, code, hosts):
    names = """sqlalchemy, pymysql, pyodbc, pymongo, redis, opensearchpy, kafka, confluent_kafka, smtplib, ftplib, paramiko,
        imaplib, asyncio, openai, boto3, os""".replace("\n", "")
    text = f"import {names}\nimport psycopg2.pool, xmlrpc.client\ndef handler(event, context):\n    {code}\n"
    environment = {"DB": Ref("Db", "Endpoint.Address"), "PW": Ref("Password")}
    analysis = study(text, environment=environment)
    assert _hosts(analysis) == hosts


def _hosts(analysis) -> list[str]:
    from remit.app.location import Location
    from remit.app.lockfile import spell
    from remit.app.model import Function

    function = Function("Shop", "app.handler", "python3.12", "src", Location("template.yaml", 1))
    remit = derive(App("shop", "SAM", "template.yaml", (function,)), function, analysis)
    told = [spell(need.what) for need in remit.needs if need.verb == "reaches"]
    return sorted([*told, *(item.what for item in remit.unresolved if item.verb == "reaches")])


def test_a_client_of_another_endpoint_needs_no_permission(study):
    code = """
    import boto3, os
    def handler(event, context):
        boto3.client("s3", endpoint_url="https://minio.example").put_object(Bucket="b", Key="k")
        boto3.client("sqs", endpoint_url=None).send_message(QueueUrl="q")
        boto3.client("sns", endpoint_url=os.environ.get("ENDPOINT")).publish(TopicArn="t")
    """
    assert {(call.service, call.operation) for call in study(code).effects.calls} == {
        ("sqs", "SendMessage"),
        ("sns", "Publish"),
    }
