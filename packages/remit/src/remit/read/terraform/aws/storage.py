"""Buckets, tables, databases: a bucket's settings are resources of their own in Terraform, and its properties here."""

from collections.abc import Iterator

from remit.app.node import Node
from remit.read.terraform.aws.kind import DROP, Kind, Row, json, many, one, worded

_BUCKET = ("AWS::S3::Bucket",)
#: Canned ACLs. Source: S3 user guide, "Access control list overview".
_ACLS = {
    "private": "Private",
    "public-read": "PublicRead",
    "public-read-write": "PublicReadWrite",
    "authenticated-read": "AuthenticatedRead",
    "log-delivery-write": "LogDeliveryWrite",
    "bucket-owner-read": "BucketOwnerRead",
    "bucket-owner-full-control": "BucketOwnerFullControl",
    "aws-exec-read": "AwsExecRead",
}
_EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
_ENCRYPTION = many(
    "BucketEncryption.ServerSideEncryptionConfiguration",
    {
        "apply_server_side_encryption_by_default": one(
            "ServerSideEncryptionByDefault", {"sse_algorithm": "SSEAlgorithm", "kms_master_key_id": "KMSMasterKeyID"}
        ),
    },
)
_LIFECYCLE = many("LifecycleConfiguration.Rules")
_CORS = many("CorsConfiguration.CorsRules", {"expose_headers": "ExposedHeaders", "max_age_seconds": "MaxAge"})


def _acl_of_grants(node: Node) -> Node | None:
    """An ACL written out as grants, as the canned ACL that lets everybody do the same."""
    widest: Node | None = None
    for policy in node.elements():
        grants = policy.at("grant") or policy
        for grant in grants.elements():
            grantee = grant.at("grantee")
            uris = [block.get("uri") for block in grantee.elements()] if grantee else [grant.get("uri")]
            if _EVERYONE not in uris:
                continue
            given = grant.at("permission") or grant.at("permissions")
            words = {item.value for item in given.elements()} if given else set()
            if words & {"WRITE", "FULL_CONTROL"}:
                return Node("PublicReadWrite", grant.location, node.key)
            widest = Node("PublicRead", grant.location, node.key)
    return widest


def _encryption(node: Node) -> Node | None:
    """The block of old, with its rules one level deeper."""
    for block in node.elements():
        rule = block.at("rule")
        if rule is not None and _ENCRYPTION.convert is not None:
            return _ENCRYPTION.convert(rule)
    return None


def _versioning(node: Node) -> Node | None:
    """``enabled`` of old, ``status`` since."""
    for block in node.elements():
        status = block.at("status")
        if status is not None:
            return status
        if block.get("enabled") is True:
            return Node("Enabled", block.location, node.key)
    return None


def _notified(key: str, target: str) -> Row:
    """Notifications: one entry for each event, as CloudFormation has them."""

    def convert(node: Node) -> Node:
        return Node(tuple(_entries(node, key, target)), node.location, node.key, node.absent)

    return Row(f"NotificationConfiguration.{key}Configurations", convert)


def _entries(node: Node, key: str, target: str) -> Iterator[Node]:
    for block in node.elements():
        aim, events = block.at(target), block.at("events")
        if aim is None:
            continue
        rules = [
            Node({"Name": Node(name, given.location), "Value": given}, given.location)
            for name in ("prefix", "suffix")
            if (given := block.at(f"filter_{name}")) is not None and given.value
        ]
        for event in events.elements() if events else ():
            entry = {"Event": event, "Function" if key == "Lambda" else key: aim}
            if rules:
                listed = Node({"Rules": Node(tuple(rules), block.location)}, block.location)
                entry["Filter"] = Node({"S3Key": listed}, block.location)
            yield Node(entry, block.location)


def _table(properties: dict[str, Node]) -> None:
    """A table: its keys are a list, its stream a setting of its own."""
    enabled = properties.pop("StreamEnabled", None)
    view = properties.pop("StreamViewType", None)
    if enabled is not None and enabled.value in (True, "true"):
        where = enabled.key or enabled.location
        view = view or Node("NEW_AND_OLD_IMAGES", where)
        properties["StreamSpecification"] = Node({"StreamViewType": view}, where)
    keys = [
        Node({"AttributeName": node, "KeyType": Node(kind, node.location)}, node.location)
        for name, kind in (("HashKey", "HASH"), ("RangeKey", "RANGE"))
        if (node := properties.pop(name, None)) is not None and node.value
    ]
    if keys:
        properties["KeySchema"] = Node(tuple(keys), keys[0].location)


KINDS: dict[str, Kind] = {
    "aws_s3_bucket": Kind(
        "AWS::S3::Bucket",
        {
            "bucket": "BucketName",
            "bucket_prefix": DROP,
            "acl": worded("AccessControl", _ACLS),
            "grant": Row("AccessControl", _acl_of_grants),
            "policy": json("Policy"),
            "server_side_encryption_configuration": Row(
                "BucketEncryption.ServerSideEncryptionConfiguration", _encryption
            ),
            "versioning": Row("VersioningConfiguration.Status", _versioning),
            "website": one("WebsiteConfiguration"),
            "cors_rule": _CORS,
            "lifecycle_rule": _LIFECYCLE,
            "logging": one("LoggingConfiguration", {"target_bucket": "DestinationBucketName"}),
        },
        {
            "id": "",
            "bucket": "",
            "bucket_domain_name": "DomainName",
            "bucket_regional_domain_name": "RegionalDomainName",
            "website_endpoint": "WebsiteURL",
        },
        beside={"Policy": ("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument")},
    ),
    "aws_s3_bucket_policy": Kind("AWS::S3::BucketPolicy", {"policy": json("PolicyDocument")}),
    "aws_s3_bucket_acl": Kind(
        "AWS::S3::BucketAcl",
        {
            "bucket": DROP,
            "acl": worded("AccessControl", _ACLS),
            "access_control_policy": Row("AccessControl", _acl_of_grants),
        },
        into="bucket",
        owners=_BUCKET,
    ),
    "aws_s3_bucket_public_access_block": Kind(
        "AWS::S3::BucketPublicAccessBlock",
        {"bucket": DROP},
        into="bucket",
        owners=_BUCKET,
        under="PublicAccessBlockConfiguration",
    ),
    "aws_s3_bucket_notification": Kind(
        "AWS::S3::BucketNotification",
        {
            "bucket": DROP,
            "lambda_function": _notified("Lambda", "lambda_function_arn"),
            "queue": _notified("Queue", "queue_arn"),
            "topic": _notified("Topic", "topic_arn"),
            "eventbridge": Row(
                "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled",
                lambda node: node if node.value is not False else None,
            ),
        },
        into="bucket",
        owners=_BUCKET,
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Kind(
        "AWS::S3::BucketEncryption", {"bucket": DROP, "rule": _ENCRYPTION}, into="bucket", owners=_BUCKET
    ),
    "aws_s3_bucket_versioning": Kind(
        "AWS::S3::BucketVersioning",
        {"bucket": DROP, "versioning_configuration": one("VersioningConfiguration")},
        into="bucket",
        owners=_BUCKET,
    ),
    "aws_s3_bucket_website_configuration": Kind(
        "AWS::S3::BucketWebsite", {"bucket": DROP}, into="bucket", owners=_BUCKET, under="WebsiteConfiguration"
    ),
    "aws_s3_bucket_cors_configuration": Kind(
        "AWS::S3::BucketCors", {"bucket": DROP, "cors_rule": _CORS}, into="bucket", owners=_BUCKET
    ),
    "aws_s3_bucket_lifecycle_configuration": Kind(
        "AWS::S3::BucketLifecycle", {"bucket": DROP, "rule": _LIFECYCLE}, into="bucket", owners=_BUCKET
    ),
    "aws_s3_bucket_logging": Kind(
        "AWS::S3::BucketLogging",
        {"bucket": DROP, "target_bucket": "DestinationBucketName", "target_prefix": "LogFilePrefix"},
        into="bucket",
        owners=_BUCKET,
        under="LoggingConfiguration",
    ),
    "aws_s3_bucket_ownership_controls": Kind(
        "AWS::S3::BucketOwnership",
        {"bucket": DROP, "rule": many("OwnershipControls.Rules")},
        into="bucket",
        owners=_BUCKET,
    ),
    "aws_s3_object": Kind("AWS::S3::Object", {"content": DROP, "etag": DROP}, {"id": "Key", "key": "Key"}),
    "aws_s3_bucket_object": Kind("AWS::S3::Object", {"content": DROP, "etag": DROP}, {"id": "Key", "key": "Key"}),
    "aws_dynamodb_table": Kind(
        "AWS::DynamoDB::Table",
        {
            "name": "TableName",
            "attribute": many("AttributeDefinitions", {"name": "AttributeName", "type": "AttributeType"}),
            "global_secondary_index": many("GlobalSecondaryIndexes", {"name": "IndexName"}),
            "local_secondary_index": many("LocalSecondaryIndexes", {"name": "IndexName"}),
            "server_side_encryption": one(
                "SSESpecification", {"enabled": "SSEEnabled", "kms_key_arn": "KMSMasterKeyId"}
            ),
            "point_in_time_recovery": one(
                "PointInTimeRecoverySpecification", {"enabled": "PointInTimeRecoveryEnabled"}
            ),
            "ttl": one("TimeToLiveSpecification"),
        },
        {"name": "", "id": ""},
        shape=_table,
    ),
    "aws_dynamodb_resource_policy": Kind(
        "AWS::DynamoDB::TablePolicy",
        {"resource_arn": DROP, "policy": json("ResourcePolicy.PolicyDocument")},
        into="resource_arn",
        owners=("AWS::DynamoDB::Table",),
    ),
    "aws_dynamodb_table_item": Kind("AWS::DynamoDB::TableItem", {"item": DROP}),
    "aws_db_instance": Kind(
        "AWS::RDS::DBInstance",
        {
            "identifier": "DBInstanceIdentifier",
            "identifier_prefix": DROP,
            "instance_class": "DBInstanceClass",
            "db_name": "DBName",
            "username": "MasterUsername",
            "password": "MasterUserPassword",
            "replicate_source_db": "SourceDBInstanceIdentifier",
            "snapshot_identifier": "DBSnapshotIdentifier",
            "db_subnet_group_name": "DBSubnetGroupName",
            "vpc_security_group_ids": "VPCSecurityGroups",
            "multi_az": "MultiAZ",
            "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
        },
        {"arn": "DBInstanceArn", "id": "", "identifier": "", "address": "Endpoint.Address", "endpoint": "Endpoint"},
    ),
    "aws_rds_cluster": Kind(
        "AWS::RDS::DBCluster",
        {
            "cluster_identifier": "DBClusterIdentifier",
            "cluster_identifier_prefix": DROP,
            "enable_http_endpoint": "EnableHttpEndpoint",
            "master_password": "MasterUserPassword",
            "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
        },
        {
            "arn": "DBClusterArn",
            "id": "",
            "cluster_identifier": "",
            "endpoint": "Endpoint.Address",
            "master_user_secret": "MasterUserSecret.SecretArn",
        },
    ),
    "aws_rds_cluster_instance": Kind(
        "AWS::RDS::DBInstance",
        {"identifier": "DBInstanceIdentifier", "cluster_identifier": "DBClusterIdentifier"},
        {"arn": "DBInstanceArn", "id": "", "identifier": ""},
    ),
    "aws_docdb_cluster": Kind(
        "AWS::DocDB::DBCluster", {"cluster_identifier": "DBClusterIdentifier"}, {"id": "", "cluster_identifier": ""}
    ),
    "aws_neptune_cluster": Kind(
        "AWS::Neptune::DBCluster", {"cluster_identifier": "DBClusterIdentifier"}, {"id": "", "cluster_identifier": ""}
    ),
    "aws_elasticache_replication_group": Kind("AWS::ElastiCache::ReplicationGroup", {}, {"id": ""}),
    "aws_opensearch_domain": Kind(
        "AWS::OpenSearchService::Domain",
        {
            "encrypt_at_rest": one("EncryptionAtRestOptions"),
            "access_policies": json("AccessPolicies"),
            "domain_endpoint_options": one("DomainEndpointOptions", {"enforce_https": "EnforceHTTPS"}),
            "node_to_node_encryption": one("NodeToNodeEncryptionOptions"),
            "vpc_options": one("VPCOptions"),
        },
        {"id": "", "domain_name": "", "endpoint": "DomainEndpoint"},
    ),
    "aws_elasticsearch_domain": Kind(
        "AWS::Elasticsearch::Domain",
        {"encrypt_at_rest": one("EncryptionAtRestOptions"), "access_policies": json("AccessPolicies")},
        {"id": "", "domain_name": "", "endpoint": "DomainEndpoint"},
    ),
    "aws_athena_workgroup": Kind(
        "AWS::Athena::WorkGroup", {"configuration": one("WorkGroupConfiguration")}, {"name": ""}
    ),
    "aws_glue_catalog_database": Kind("AWS::Glue::Database", {"name": "DatabaseInput.Name"}, {"name": "", "id": ""}),
}
