"""What leaves as a whole: the environment, the event, and names of resources below a parameter."""

import pytest

LEAKS = {
    "print(os.environ)": ["log<-!secret"],
    "print(dict(os.environ))": ["log<-!secret"],
    "for name, value in os.environ.items():\n    print(name, value)": ["log<-!secret"],
    "print(os.environ['AWS_SECRET_ACCESS_KEY'])": ["log<-!secret"],
    "return {'statusCode': 200, 'body': json.dumps(dict(os.environ))}": ["response<-!secret"],
    "print(os.environ['AWS_REGION'])": [],
    "print(subprocess.run(['ls'], env=os.environ))": [],
    "sys.stdout.write(str(event))": ["log<-!event"],
    "for name, value in event.items():\n    print(name, value)": ["log<-!event"],
}
CHOICES = [
    "boto3.client('ssm').get_parameters(Names=[event['body']])",
    "boto3.client('events').put_events(Entries=[{'EventBusName': event['body'], 'Detail': '{}'}])",
    "boto3.client('dynamodb').transact_write_items(TransactItems=[{'Put': {'TableName': event['body'], 'Item': {}}}])",
    "boto3.client('s3').copy_object(Bucket='b', Key='k', CopySource={'Bucket': event['body'], 'Key': 'x'})",
]
COMMANDS = [
    "os.spawnlp(os.P_WAIT, 'sh', 'sh', '-c', event['body'])",
    "fabric.Connection('host').run('ls ' + event['body'])",
    "os.system('bash -c \"ls ' + shlex.quote(event['body']) + '\"')",
    "getattr(Actions(), 'do_' + event['rawPath'])(event['body'])",
]


def _handler(code):
    lines = "\n".join("    " + line for line in code.split("\n"))
    return (
        "import boto3, fabric, json, os, shlex, subprocess, sys\n"
        "class Actions:\n    def do_list(self, name):\n        os.system('ls ' + name)\n"
        f"def handler(event, context):\n{lines}\n"
    )


@pytest.mark.parametrize(("code", "told"), LEAKS.items())
def test_a_whole_is_told_where_it_leaves(flows, code, told):
    assert sorted(set(flows(_handler(code)))) == told


@pytest.mark.parametrize("code", CHOICES)
def test_a_resource_named_below_a_parameter_is_chosen_by_the_sender(flows, code):
    assert "call<-body" in flows(_handler(code))


@pytest.mark.parametrize("code", COMMANDS)
def test_a_command_line_by_another_way(flows, code):
    assert "process<-body" in flows(_handler(code))


def test_a_quoted_word_outside_quotes_is_one_word(flows):
    assert flows(_handler("os.system('ls \"a b\" ' + shlex.quote(event['body']))")) == []


def test_powertools_writes_the_event_when_it_is_told_to(flows):
    code = """
    from aws_lambda_powertools import Logger
    logger = Logger()
    @logger.inject_lambda_context(log_event={})
    def handler(event, context):
        return 1
    """
    assert flows(code.format("True")) == ["log<-!event"]
    assert flows(code.format("False")) == []
