"""What resources, event sources and cloud services are called in the picture."""

from remit.app.model import Sender

#: Resources that carry events or data and so deserve a place; the others (permissions, log groups, ...) are plumbing.
OF_TYPE = {
    "AWS::ApiGateway::RestApi": "api",
    "AWS::ApiGatewayV2::Api": "api",
    "AWS::AppSync::GraphQLApi": "api",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "api",
    "AWS::Lambda::Url": "api",
    "AWS::CloudFront::Distribution": "api",
    "AWS::VpcLattice::Service": "api",
    "AWS::DynamoDB::Table": "table",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::SDB::Domain": "table",
    "AWS::Timestream::Table": "table",
    "AWS::S3::Bucket": "bucket",
    "AWS::S3Express::DirectoryBucket": "bucket",
    "AWS::EFS::FileSystem": "files",
    "AWS::SQS::Queue": "queue",
    "AWS::AmazonMQ::Broker": "queue",
    "AWS::SNS::Topic": "topic",
    "AWS::IoT::TopicRule": "topic",
    "AWS::Kinesis::Stream": "stream",
    "AWS::KinesisFirehose::DeliveryStream": "stream",
    "AWS::MSK::Cluster": "stream",
    "AWS::MSK::ServerlessCluster": "stream",
    "AWS::Events::EventBus": "bus",
    "AWS::Pipes::Pipe": "pipe",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SSM::Parameter": "parameter",
    "AWS::RDS::DBInstance": "database",
    "AWS::RDS::DBCluster": "database",
    "AWS::RDS::DBProxy": "database",
    "AWS::DocDB::DBCluster": "database",
    "AWS::Neptune::DBCluster": "database",
    "AWS::ElastiCache::ReplicationGroup": "database",
    "AWS::ElastiCache::CacheCluster": "database",
    "AWS::ElastiCache::ServerlessCache": "database",
    "AWS::OpenSearchService::Domain": "database",
    "AWS::OpenSearchServerless::Collection": "database",
    "AWS::Redshift::Cluster": "database",
    "AWS::StepFunctions::StateMachine": "workflow",
    "AWS::KMS::Key": "key",
    "AWS::Cognito::UserPool": "users",
}

#: Event source -> what a trigger without a resource of its own belongs to: its name and kind.
DOORS = {
    "http-api": ("HTTP API", "api"),
    "rest-api": ("REST API", "api"),
    "websocket": ("WebSocket API", "api"),
    "function-url": ("Function URL", "api"),
    "alb": ("Load balancer", "api"),
    "lattice": ("VPC Lattice", "api"),
    "cloudfront": ("CloudFront", "api"),
    "appsync": ("GraphQL API", "api"),
    "sqs": ("Queue elsewhere", "queue"),
    "rabbitmq": ("Queue elsewhere", "queue"),
    "activemq": ("Queue elsewhere", "queue"),
    "sns": ("Topic elsewhere", "topic"),
    "iot": ("IoT", "topic"),
    "s3": ("Bucket elsewhere", "bucket"),
    "dynamodb": ("Table elsewhere", "table"),
    "documentdb": ("Database elsewhere", "database"),
    "kinesis": ("Stream elsewhere", "stream"),
    "kafka": ("Kafka", "stream"),
    "firehose": ("Delivery stream", "stream"),
    "eventbridge": ("Event bus", "bus"),
    "schedule": ("Schedule", "clock"),
    "step-functions": ("State machine", "workflow"),
    "cognito": ("User pool", "users"),
    "logs": ("Log groups", "stream"),
    "unknown": ("Other sources", "door"),
    "custom-resource": ("Deployment", "clock"),
}

#: Service in an action -> the kind of what it touches where that is not in the template.
OF_SERVICE = {
    "dynamodb": "table",
    "s3": "bucket",
    "s3express": "bucket",
    "sqs": "queue",
    "sns": "topic",
    "kinesis": "stream",
    "firehose": "stream",
    "events": "bus",
    "secretsmanager": "secret",
    "ssm": "parameter",
    "lambda": "function",
    "states": "workflow",
    "kms": "key",
    "rds": "database",
    "rds-data": "database",
    "cognito-idp": "users",
    "execute-api": "api",
}

#: Kinds whose triggers are told line by line: which of them somebody may use is the question.
LISTED = frozenset({"api", "clock", "bus", "door"})
#: Kinds that keep data.
STORES = frozenset({"table", "bucket", "database", "files", "secret", "parameter", "key", "users"})

#: Sender -> the word in ids and options, and the two lines on its node.
SENDERS = {
    Sender.ANYONE: ("anyone", "Anyone", "on the internet"),
    Sender.AUTHENTICATED: ("signed-in", "Signed-in user", "with a token"),
    Sender.OTHER_ACCOUNT: ("other-account", "Another account", "that is let in"),
    Sender.ACCOUNT: ("account", "This account", "whoever has access"),
    Sender.APP: ("app", "This app", "other parts of it"),
    Sender.PLATFORM: ("platform", "The platform", "on its own"),
}

#: Beginnings of operations -> the verb on the way to what they touch.
_VERBS = (
    (
        (
            "Get",
            "List",
            "Head",
            "Query",
            "Scan",
            "BatchGet",
            "Select",
            "Describe",
            "Receive",
            "Search",
            "PartiQLSelect",
        ),
        "reads",
    ),
    (("Delete", "PartiQLDelete", "Purge", "Remove"), "deletes"),
    (("Send",), "sends"),
    (("Publish",), "publishes"),
    (("Invoke",), "invokes"),
    (("StartExecution", "StartSyncExecution"), "starts"),
    (("Decrypt",), "decrypts"),
    (("Encrypt", "GenerateDataKey"), "encrypts"),
)


#: Verbs that say no more than that something fetches what it was told of.
FETCHING = frozenset({"reads", "deletes", "decrypts"})


def verb(operation: str) -> str:
    """What an API operation does to what it touches; ``writes`` where nothing else fits."""
    return next((word for heads, word in _VERBS if operation.startswith(heads)), "writes")
