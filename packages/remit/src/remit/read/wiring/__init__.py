"""Triggers that resources attach to functions (and to queues, topics, state machines), one reader for each source.

A reader has ``TYPES``, the types it reads, and ``read``. It is loaded when a template has a resource of its type.
"""

import importlib
from collections.abc import Iterator
from dataclasses import replace

from remit.app.model import Trigger
from remit.read.draft import Draft
from remit.read.either import each_of

#: Type of a resource to the module that reads what it attaches.
READERS = {
    "AWS::Lambda::EventSourceMapping": "mapping",
    "AWS::Lambda::Url": "url",
    "AWS::Lambda::Permission": "permission",
    "AWS::Events::Rule": "rule",
    "AWS::Scheduler::Schedule": "schedule",
    "AWS::SNS::Subscription": "topic",
    "AWS::SNS::Topic": "topic",
    "AWS::S3::Bucket": "bucket",
    "AWS::S3::BucketNotification": "bucket",
    "Custom::S3BucketNotifications": "bucket",
    "AWS::Logs::SubscriptionFilter": "logs",
    "AWS::Logs::Destination": "logs",
    "AWS::Cognito::UserPool": "pool",
    "AWS::AppSync::DataSource": "graphql",
    "AWS::AppSync::GraphQLApi": "graphql",
    "AWS::Serverless::GraphQLApi": "graphql",
    "AWS::AppSync::Api": "graphql",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "balancer",
    "AWS::CloudFormation::CustomResource": "custom",
    "AWS::CloudFormation::Macro": "custom",
    "AWS::CloudFormation::LambdaHook": "custom",
    "AWS::SecretsManager::RotationSchedule": "rotation",
    "AWS::SES::ReceiptRule": "mail",
    "AWS::IoT::TopicRule": "thing",
    "AWS::IoT::Authorizer": "thing",
    "AWS::IoT::ProvisioningTemplate": "thing",
    "AWS::Pipes::Pipe": "pipe",
    "AWS::Config::ConfigRule": "config_rule",
    "AWS::Config::OrganizationConfigRule": "config_rule",
    "AWS::CodePipeline::Pipeline": "pipeline",
    "AWS::CodeCommit::Repository": "pipeline",
    "AWS::Lex::Bot": "bot",
    "AWS::Lex::BotAlias": "bot",
    "AWS::Connect::IntegrationAssociation": "contact",
    "AWS::Connect::ContactFlow": "contact",
    "AWS::Connect::ContactFlowModule": "contact",
    "AWS::S3ObjectLambda::AccessPoint": "object_lambda",
    "AWS::Bedrock::Agent": "agent",
    "AWS::Bedrock::Flow": "agent",
    "AWS::Bedrock::DataSource": "agent",
    "AWS::BedrockAgentCore::GatewayTarget": "agent",
    "AWS::CloudFront::Distribution": "edge",
    "AWS::VpcLattice::TargetGroup": "lattice",
    "AWS::KinesisFirehose::DeliveryStream": "delivery",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::CompositeAlarm": "alarm",
    "AWS::Transfer::Server": "transfer",
    "AWS::Transfer::Workflow": "transfer",
    "AWS::StepFunctions::StateMachine": "machine",
    "AWS::Serverless::StateMachine": "machine",
}


def read(draft: Draft) -> Iterator[Trigger]:
    """Every trigger that a resource other than a SAM event attaches, of functions and of whatever else takes events."""
    from remit.read.wiring import aftermath

    for item in list(draft.declared.values()):
        if item.type in aftermath.TYPES:
            yield from aftermath.read(draft, item)
        name = READERS.get(item.type) or ("custom" if item.type.startswith("Custom::") else "")
        if name:
            reader = importlib.import_module(f"remit.read.wiring.{name}")
            for properties in each_of(draft, item.properties):
                one = item if properties is item.properties else replace(item, properties=properties)
                yield from reader.read(draft, one)
            if name == "bucket" and item.type.startswith("Custom::"):
                yield from importlib.import_module("remit.read.wiring.custom").read(draft, item)
