"""Data sources: what they look up is outside of this configuration, but its name often says enough."""

_LAMBDA = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:"
_HERE = "${AWS::Region}:${AWS::AccountId}"

#: Type -> attribute -> what it is, with the data source's own arguments in the holes.
SOURCES: dict[str, dict[str, str]] = {
    "aws_caller_identity": {"account_id": "${AWS::AccountId}", "id": "${AWS::AccountId}"},
    "aws_region": {"name": "${AWS::Region}", "id": "${AWS::Region}", "region": "${AWS::Region}"},
    "aws_partition": {
        "partition": "${AWS::Partition}",
        "id": "${AWS::Partition}",
        "dns_suffix": "${AWS::URLSuffix}",
    },
    "aws_iam_policy": {"arn": "arn:${AWS::Partition}:iam::aws:policy/${name}", "name": "${name}"},
    "aws_iam_role": {"arn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${name}", "id": "${name}"},
    "aws_lambda_function": {
        "arn": _LAMBDA + "function:${function_name}",
        "invoke_arn": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        + _LAMBDA
        + "function:${function_name}/invocations",
        "qualified_arn": _LAMBDA + "function:${function_name}:*",
        "id": "${function_name}",
    },
    "aws_lambda_layer_version": {"arn": _LAMBDA + "layer:${layer_name}:*"},
    "aws_sqs_queue": {
        "arn": f"arn:${{AWS::Partition}}:sqs:{_HERE}:${{name}}",
        "url": "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${name}",
        "id": "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${name}",
    },
    "aws_sns_topic": {
        "arn": f"arn:${{AWS::Partition}}:sns:{_HERE}:${{name}}",
        "id": f"arn:${{AWS::Partition}}:sns:{_HERE}:${{name}}",
    },
    "aws_s3_bucket": {"arn": "arn:${AWS::Partition}:s3:::${bucket}", "id": "${bucket}"},
    "aws_dynamodb_table": {"arn": f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/${{name}}", "id": "${name}"},
    "aws_kinesis_stream": {"arn": f"arn:${{AWS::Partition}}:kinesis:{_HERE}:stream/${{name}}"},
    "aws_cloudwatch_event_bus": {"arn": f"arn:${{AWS::Partition}}:events:{_HERE}:event-bus/${{name}}"},
    "aws_cloudwatch_log_group": {"arn": f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:${{name}}"},
    "aws_sfn_state_machine": {
        "arn": f"arn:${{AWS::Partition}}:states:{_HERE}:stateMachine:${{name}}",
        "id": f"arn:${{AWS::Partition}}:states:{_HERE}:stateMachine:${{name}}",
    },
    "aws_secretsmanager_secret": {
        "arn": f"arn:${{AWS::Partition}}:secretsmanager:{_HERE}:secret:${{name}}-??????",
        "id": f"arn:${{AWS::Partition}}:secretsmanager:{_HERE}:secret:${{name}}-??????",
    },
    "aws_ssm_parameter": {"arn": f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/${{name}}", "id": "${name}"},
    "aws_kms_alias": {
        "arn": f"arn:${{AWS::Partition}}:kms:{_HERE}:${{name}}",
        "target_key_arn": f"arn:${{AWS::Partition}}:kms:{_HERE}:key/*",
    },
    "aws_ecr_repository": {"arn": f"arn:${{AWS::Partition}}:ecr:{_HERE}:repository/${{name}}"},
}
#: The value of these is what somebody stored, which only the deployment knows.
STORED: dict[tuple[str, str], str] = {
    ("aws_ssm_parameter", "value"): "the SSM parameter",
    ("aws_ssm_parameter", "insecure_value"): "the SSM parameter",
    ("aws_secretsmanager_secret_version", "secret_string"): "a secret",
}
