"""Names of types and properties that no table knows: from Terraform's words to CloudFormation's."""

#: Prefix of a Terraform type (after ``aws_``) to the service in CloudFormation's types; the longest that fits counts.
#: Source: names of the AWS provider's resources and the resource reference of CloudFormation.
_SERVICES = {
    "acm": "CertificateManager",
    "alb": "ElasticLoadBalancingV2",
    "ami": "EC2",
    "api_gateway": "ApiGateway",
    "apigatewayv2": "ApiGatewayV2",
    "appautoscaling": "ApplicationAutoScaling",
    "appconfig": "AppConfig",
    "appflow": "AppFlow",
    "apprunner": "AppRunner",
    "appsync": "AppSync",
    "athena": "Athena",
    "autoscaling": "AutoScaling",
    "backup": "Backup",
    "batch": "Batch",
    "bedrock": "Bedrock",
    "bedrockagent": "Bedrock",
    "bedrockagentcore": "BedrockAgentCore",
    "cloudformation": "CloudFormation",
    "cloudfront": "CloudFront",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "cloudwatch_event": "Events",
    "cloudwatch_log": "Logs",
    "codebuild": "CodeBuild",
    "codecommit": "CodeCommit",
    "codedeploy": "CodeDeploy",
    "codepipeline": "CodePipeline",
    "codestarconnections": "CodeStarConnections",
    "cognito": "Cognito",
    "config": "Config",
    "connect": "Connect",
    "customer_gateway": "EC2",
    "dax": "DAX",
    "db": "RDS",
    "default": "EC2",
    "dms": "DMS",
    "docdb": "DocDB",
    "dynamodb": "DynamoDB",
    "ebs": "EC2",
    "ec2": "EC2",
    "ecr": "ECR",
    "ecs": "ECS",
    "efs": "EFS",
    "egress": "EC2",
    "eip": "EC2",
    "eks": "EKS",
    "elastic_beanstalk": "ElasticBeanstalk",
    "elasticache": "ElastiCache",
    "elasticsearch": "Elasticsearch",
    "emr": "EMR",
    "emrserverless": "EMRServerless",
    "flow_log": "EC2",
    "glacier": "Glacier",
    "glue": "Glue",
    "guardduty": "GuardDuty",
    "iam": "IAM",
    "imagebuilder": "ImageBuilder",
    "instance": "EC2",
    "internet_gateway": "EC2",
    "iot": "IoT",
    "kendra": "Kendra",
    "key_pair": "EC2",
    "kinesis": "Kinesis",
    "kinesis_analytics": "KinesisAnalytics",
    "kinesis_firehose": "KinesisFirehose",
    "kinesis_video": "KinesisVideo",
    "kinesisanalyticsv2": "KinesisAnalyticsV2",
    "kms": "KMS",
    "lakeformation": "LakeFormation",
    "lambda": "Lambda",
    "launch_template": "EC2",
    "lb": "ElasticLoadBalancingV2",
    "lex": "Lex",
    "location": "Location",
    "main": "EC2",
    "media": "MediaConvert",
    "mq": "AmazonMQ",
    "msk": "MSK",
    "mwaa": "MWAA",
    "nat_gateway": "EC2",
    "neptune": "Neptune",
    "network_acl": "EC2",
    "network_interface": "EC2",
    "networkfirewall": "NetworkFirewall",
    "opensearch": "OpenSearchService",
    "opensearchserverless": "OpenSearchServerless",
    "organizations": "Organizations",
    "pinpoint": "Pinpoint",
    "pipes": "Pipes",
    "qldb": "QLDB",
    "quicksight": "QuickSight",
    "ram": "RAM",
    "rbin": "Rbin",
    "rds": "RDS",
    "redshift": "Redshift",
    "redshiftserverless": "RedshiftServerless",
    "resourcegroups": "ResourceGroups",
    "route": "EC2",
    "route53": "Route53",
    "route53_resolver": "Route53Resolver",
    "s3": "S3",
    "s3control": "S3",
    "s3tables": "S3Tables",
    "s3vectors": "S3Vectors",
    "sagemaker": "SageMaker",
    "scheduler": "Scheduler",
    "schemas": "EventSchemas",
    "secretsmanager": "SecretsManager",
    "security_group": "EC2",
    "securityhub": "SecurityHub",
    "service_discovery": "ServiceDiscovery",
    "servicecatalog": "ServiceCatalog",
    "ses": "SES",
    "sesv2": "SES",
    "sfn": "StepFunctions",
    "signer": "Signer",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "SSM",
    "ssoadmin": "SSO",
    "subnet": "EC2",
    "synthetics": "Synthetics",
    "timestreamwrite": "Timestream",
    "transfer": "Transfer",
    "volume": "EC2",
    "vpc": "EC2",
    "vpclattice": "VpcLattice",
    "vpn": "EC2",
    "waf": "WAF",
    "wafregional": "WAFRegional",
    "wafv2": "WAFv2",
    "workspaces": "WorkSpaces",
    "xray": "XRay",
}
#: Services whose prefix is itself the whole thing: ``aws_subnet`` is ``AWS::EC2::Subnet``.
_WHOLE = "EC2"
#: Words that CloudFormation does not write with one capital.
_WORDS = {"vpc": "VPC", "db": "DB", "acl": "ACL", "graphql": "GraphQL"}
_LONGEST = 3


def type_of(kind: str) -> str:
    """A CloudFormation type for a Terraform type that no table knows.

    Args:
        kind: ``aws_glue_catalog_table``, ``awscc_...``.

    Returns:
        ``AWS::Glue::CatalogTable``: right for many types, and never the type of something else that a reader knows.
    """
    words = kind.split("_")[1:]
    for length in range(min(_LONGEST, len(words)), 0, -1):
        service = _SERVICES.get("_".join(words[:length]))
        if service is not None:
            rest = words if service == _WHOLE and words[0] != "ec2" else words[length:]
            return f"AWS::{service}::{_type_word(rest or words)}"
    return f"AWS::{camel(words[0])}::{_type_word(words[1:] or words)}"


def _type_word(words: list[str]) -> str:
    return "".join(_WORDS.get(word, word.capitalize()) for word in words)


def camel(name: str) -> str:
    """``visibility_timeout`` as CloudFormation writes it."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
