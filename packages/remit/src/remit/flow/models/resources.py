"""boto3's resource objects: what their methods call, and which parameters their identity fills in.

Facts read off boto3's resource definitions. One line for each class: its identifiers, then ``Parameter<Identifier``,
``method=Operation>ClassReturned``, ``collection*Operation>ClassOfItems`` and ``Attribute:Class(Identifier=Mine or ?)``.
"""

from functools import lru_cache

from remit.app.noun import Struct, field

_CLASSES = """
cloudformation.() create_stack=CreateStack>Stack stacks*DescribeStacks>Stack Event:Event(Id=?) Stack:Stack(Name=?)
cloudformation.Event(Id)
cloudformation.Stack(Name) StackName<Name cancel_update=CancelUpdateStack delete=DeleteStack update=UpdateStack
  load=DescribeStacks reload=DescribeStacks events*DescribeStackEvents>Event
  resource_summaries*ListStackResources>StackResourceSummary Resource:StackResource(StackName=Name,LogicalId=?)
cloudformation.StackResource(StackName,LogicalId) LogicalResourceId<LogicalId StackName<StackName
  load=DescribeStackResource reload=DescribeStackResource Stack:Stack(Name=StackName)
cloudformation.StackResourceSummary(StackName,LogicalId)
  Resource:StackResource(LogicalId=LogicalId,StackName=StackName)
cloudwatch.() alarms*DescribeAlarms>Alarm metrics*ListMetrics>Metric Alarm:Alarm(Name=?)
  Metric:Metric(Namespace=?,Name=?)
cloudwatch.Alarm(Name) AlarmName<Name delete=DeleteAlarms describe_history=DescribeAlarmHistory
  disable_actions=DisableAlarmActions enable_actions=EnableAlarmActions set_state=SetAlarmState load=DescribeAlarms
  reload=DescribeAlarms Metric:Metric()
cloudwatch.Metric(Namespace,Name) Namespace<Namespace MetricName<Name get_statistics=GetMetricStatistics
  put_alarm=PutMetricAlarm>Alarm put_data=PutMetricData load=ListMetrics reload=ListMetrics
  alarms*DescribeAlarmsForMetric>Alarm
dynamodb.() batch_get_item=BatchGetItem batch_write_item=BatchWriteItem create_table=CreateTable>Table
  tables*ListTables>Table Table:Table(Name=?)
dynamodb.Table(Name) TableName<Name delete=DeleteTable delete_item=DeleteItem get_item=GetItem put_item=PutItem
  query=Query scan=Scan update=UpdateTable>Table update_item=UpdateItem load=DescribeTable reload=DescribeTable
  wait_until_exists=~TableExists wait_until_not_exists=~TableNotExists
iam.() change_password=ChangePassword create_account_alias=CreateAccountAlias
  create_account_password_policy=UpdateAccountPasswordPolicy>AccountPasswordPolicy create_group=CreateGroup>Group
  create_instance_profile=CreateInstanceProfile>InstanceProfile create_policy=CreatePolicy>Policy
  create_role=CreateRole>Role create_saml_provider=CreateSAMLProvider>SamlProvider
  create_server_certificate=UploadServerCertificate>ServerCertificate
  create_signing_certificate=UploadSigningCertificate>SigningCertificate create_user=CreateUser>User
  create_virtual_mfa_device=CreateVirtualMFADevice>VirtualMfaDevice groups*ListGroups>Group
  instance_profiles*ListInstanceProfiles>InstanceProfile policies*ListPolicies>Policy roles*ListRoles>Role
  saml_providers*ListSAMLProviders>SamlProvider server_certificates*ListServerCertificates>ServerCertificate
  users*ListUsers>User virtual_mfa_devices*ListVirtualMFADevices>VirtualMfaDevice
  AccountPasswordPolicy:AccountPasswordPolicy() AccountSummary:AccountSummary() CurrentUser:CurrentUser()
  Group:Group(Name=?) InstanceProfile:InstanceProfile(Name=?) Policy:Policy(PolicyArn=?) Role:Role(Name=?)
  SamlProvider:SamlProvider(Arn=?) ServerCertificate:ServerCertificate(Name=?) User:User(Name=?)
  VirtualMfaDevice:VirtualMfaDevice(SerialNumber=?)
iam.AccessKey(UserName,Id) UserName<UserName AccessKeyId<Id activate=UpdateAccessKey deactivate=UpdateAccessKey
  delete=DeleteAccessKey User:User(Name=UserName)
iam.AccessKeyPair(UserName,Id,Secret) UserName<UserName AccessKeyId<Id activate=UpdateAccessKey
  deactivate=UpdateAccessKey delete=DeleteAccessKey
iam.AccountPasswordPolicy() delete=DeleteAccountPasswordPolicy update=UpdateAccountPasswordPolicy
  load=GetAccountPasswordPolicy reload=GetAccountPasswordPolicy
iam.AccountSummary() load=GetAccountSummary reload=GetAccountSummary
iam.AssumeRolePolicy(RoleName) RoleName<RoleName update=UpdateAssumeRolePolicy Role:Role(Name=RoleName)
iam.CurrentUser() load=GetUser reload=GetUser access_keys*ListAccessKeys>AccessKey
  mfa_devices*ListMFADevices>MfaDevice signing_certificates*ListSigningCertificates>SigningCertificate User:User()
iam.Group(Name) GroupName<Name add_user=AddUserToGroup attach_policy=AttachGroupPolicy create=CreateGroup>Group
  create_policy=PutGroupPolicy>GroupPolicy delete=DeleteGroup detach_policy=DetachGroupPolicy
  remove_user=RemoveUserFromGroup update=UpdateGroup>Group load=GetGroup reload=GetGroup
  attached_policies*ListAttachedGroupPolicies>Policy policies*ListGroupPolicies>GroupPolicy users*GetGroup>User
  Policy:GroupPolicy(GroupName=Name,Name=?)
iam.GroupPolicy(GroupName,Name) GroupName<GroupName PolicyName<Name delete=DeleteGroupPolicy put=PutGroupPolicy
  load=GetGroupPolicy reload=GetGroupPolicy Group:Group(Name=GroupName)
iam.InstanceProfile(Name) InstanceProfileName<Name add_role=AddRoleToInstanceProfile delete=DeleteInstanceProfile
  remove_role=RemoveRoleFromInstanceProfile load=GetInstanceProfile reload=GetInstanceProfile Roles:Role()
iam.LoginProfile(UserName) UserName<UserName create=CreateLoginProfile>LoginProfile delete=DeleteLoginProfile
  update=UpdateLoginProfile load=GetLoginProfile reload=GetLoginProfile User:User(Name=UserName)
iam.MfaDevice(UserName,SerialNumber) UserName<UserName SerialNumber<SerialNumber associate=EnableMFADevice
  disassociate=DeactivateMFADevice resync=ResyncMFADevice User:User(Name=UserName)
iam.Policy(Arn) PolicyArn<Arn attach_group=AttachGroupPolicy attach_role=AttachRolePolicy attach_user=AttachUserPolicy
  create_version=CreatePolicyVersion>PolicyVersion delete=DeletePolicy detach_group=DetachGroupPolicy
  detach_role=DetachRolePolicy detach_user=DetachUserPolicy load=GetPolicy reload=GetPolicy
  attached_groups*ListEntitiesForPolicy>Group attached_roles*ListEntitiesForPolicy>Role
  attached_users*ListEntitiesForPolicy>User versions*ListPolicyVersions>PolicyVersion
  DefaultVersion:PolicyVersion(Arn=Arn)
iam.PolicyVersion(Arn,VersionId) PolicyArn<Arn VersionId<VersionId delete=DeletePolicyVersion
  set_as_default=SetDefaultPolicyVersion load=GetPolicyVersion reload=GetPolicyVersion
iam.Role(Name) RoleName<Name attach_policy=AttachRolePolicy delete=DeleteRole detach_policy=DetachRolePolicy
  load=GetRole reload=GetRole attached_policies*ListAttachedRolePolicies>Policy
  instance_profiles*ListInstanceProfilesForRole>InstanceProfile policies*ListRolePolicies>RolePolicy
  AssumeRolePolicy:AssumeRolePolicy(RoleName=Name) Policy:RolePolicy(RoleName=Name,Name=?)
iam.RolePolicy(RoleName,Name) RoleName<RoleName PolicyName<Name delete=DeleteRolePolicy put=PutRolePolicy
  load=GetRolePolicy reload=GetRolePolicy Role:Role(Name=RoleName)
iam.SamlProvider(Arn) SAMLProviderArn<Arn delete=DeleteSAMLProvider update=UpdateSAMLProvider load=GetSAMLProvider
  reload=GetSAMLProvider
iam.ServerCertificate(Name) ServerCertificateName<Name delete=DeleteServerCertificate
  update=UpdateServerCertificate>ServerCertificate load=GetServerCertificate reload=GetServerCertificate
iam.SigningCertificate(UserName,Id) UserName<UserName CertificateId<Id activate=UpdateSigningCertificate
  deactivate=UpdateSigningCertificate delete=DeleteSigningCertificate User:User(Name=UserName)
iam.User(Name) UserName<Name add_group=AddUserToGroup attach_policy=AttachUserPolicy create=CreateUser>User
  create_access_key_pair=CreateAccessKey>AccessKeyPair create_login_profile=CreateLoginProfile>LoginProfile
  create_policy=PutUserPolicy>UserPolicy delete=DeleteUser detach_policy=DetachUserPolicy
  enable_mfa=EnableMFADevice>MfaDevice remove_group=RemoveUserFromGroup update=UpdateUser>User load=GetUser
  reload=GetUser access_keys*ListAccessKeys>AccessKey attached_policies*ListAttachedUserPolicies>Policy
  groups*ListGroupsForUser>Group mfa_devices*ListMFADevices>MfaDevice policies*ListUserPolicies>UserPolicy
  signing_certificates*ListSigningCertificates>SigningCertificate AccessKey:AccessKey(UserName=Name,Id=?)
  LoginProfile:LoginProfile(UserName=Name) MfaDevice:MfaDevice(UserName=Name,SerialNumber=?)
  Policy:UserPolicy(UserName=Name,Name=?) SigningCertificate:SigningCertificate(UserName=Name,Id=?)
iam.UserPolicy(UserName,Name) UserName<UserName PolicyName<Name delete=DeleteUserPolicy put=PutUserPolicy
  load=GetUserPolicy reload=GetUserPolicy User:User(Name=UserName)
iam.VirtualMfaDevice(SerialNumber) SerialNumber<SerialNumber delete=DeleteVirtualMFADevice User:User()
s3.() create_bucket=CreateBucket>Bucket buckets*ListBuckets>Bucket Bucket:Bucket(Name=?)
s3.Bucket(Name) Bucket<Name create=CreateBucket delete=DeleteBucket delete_objects=DeleteObjects
  put_object=PutObject>Object wait_until_exists=~BucketExists wait_until_not_exists=~BucketNotExists
  multipart_uploads*ListMultipartUploads>MultipartUpload object_versions*ListObjectVersions>ObjectVersion
  objects*ListObjects>ObjectSummary Acl:BucketAcl(BucketName=Name) Cors:BucketCors(BucketName=Name)
  Lifecycle:BucketLifecycle(BucketName=Name) LifecycleConfiguration:BucketLifecycleConfiguration(BucketName=Name)
  Logging:BucketLogging(BucketName=Name) Notification:BucketNotification(BucketName=Name)
  Object:Object(BucketName=Name,Key=?) Policy:BucketPolicy(BucketName=Name)
  RequestPayment:BucketRequestPayment(BucketName=Name) Tagging:BucketTagging(BucketName=Name)
  Versioning:BucketVersioning(BucketName=Name) Website:BucketWebsite(BucketName=Name)
s3.BucketAcl(BucketName) Bucket<BucketName put=PutBucketAcl load=GetBucketAcl reload=GetBucketAcl
  Bucket:Bucket(Name=BucketName)
s3.BucketCors(BucketName) Bucket<BucketName delete=DeleteBucketCors put=PutBucketCors load=GetBucketCors
  reload=GetBucketCors Bucket:Bucket(Name=BucketName)
s3.BucketLifecycle(BucketName) Bucket<BucketName delete=DeleteBucketLifecycle put=PutBucketLifecycle
  load=GetBucketLifecycle reload=GetBucketLifecycle Bucket:Bucket(Name=BucketName)
s3.BucketLifecycleConfiguration(BucketName) Bucket<BucketName delete=DeleteBucketLifecycle
  put=PutBucketLifecycleConfiguration load=GetBucketLifecycleConfiguration reload=GetBucketLifecycleConfiguration
  Bucket:Bucket(Name=BucketName)
s3.BucketLogging(BucketName) Bucket<BucketName put=PutBucketLogging load=GetBucketLogging reload=GetBucketLogging
  Bucket:Bucket(Name=BucketName)
s3.BucketNotification(BucketName) Bucket<BucketName put=PutBucketNotificationConfiguration
  load=GetBucketNotificationConfiguration reload=GetBucketNotificationConfiguration Bucket:Bucket(Name=BucketName)
s3.BucketPolicy(BucketName) Bucket<BucketName delete=DeleteBucketPolicy put=PutBucketPolicy load=GetBucketPolicy
  reload=GetBucketPolicy Bucket:Bucket(Name=BucketName)
s3.BucketRequestPayment(BucketName) Bucket<BucketName put=PutBucketRequestPayment load=GetBucketRequestPayment
  reload=GetBucketRequestPayment Bucket:Bucket(Name=BucketName)
s3.BucketTagging(BucketName) Bucket<BucketName delete=DeleteBucketTagging put=PutBucketTagging load=GetBucketTagging
  reload=GetBucketTagging Bucket:Bucket(Name=BucketName)
s3.BucketVersioning(BucketName) Bucket<BucketName enable=PutBucketVersioning put=PutBucketVersioning
  suspend=PutBucketVersioning load=GetBucketVersioning reload=GetBucketVersioning Bucket:Bucket(Name=BucketName)
s3.BucketWebsite(BucketName) Bucket<BucketName delete=DeleteBucketWebsite put=PutBucketWebsite load=GetBucketWebsite
  reload=GetBucketWebsite Bucket:Bucket(Name=BucketName)
s3.MultipartUpload(BucketName,ObjectKey,Id) Bucket<BucketName Key<ObjectKey UploadId<Id abort=AbortMultipartUpload
  complete=CompleteMultipartUpload>Object parts*ListParts>MultipartUploadPart
  Object:Object(BucketName=BucketName,Key=ObjectKey)
  Part:MultipartUploadPart(BucketName=BucketName,ObjectKey=ObjectKey,MultipartUploadId=Id,PartNumber=?)
s3.MultipartUploadPart(BucketName,ObjectKey,MultipartUploadId,PartNumber) Bucket<BucketName Key<ObjectKey
  UploadId<MultipartUploadId PartNumber<PartNumber copy_from=UploadPartCopy upload=UploadPart
  MultipartUpload:MultipartUpload(BucketName=BucketName,ObjectKey=ObjectKey,Id=MultipartUploadId)
s3.Object(BucketName,Key) Bucket<BucketName Key<Key copy_from=CopyObject delete=DeleteObject get=GetObject
  initiate_multipart_upload=CreateMultipartUpload>MultipartUpload put=PutObject restore_object=RestoreObject
  load=HeadObject reload=HeadObject wait_until_exists=~ObjectExists wait_until_not_exists=~ObjectNotExists
  Acl:ObjectAcl(BucketName=BucketName,ObjectKey=Key) Bucket:Bucket(Name=BucketName)
  MultipartUpload:MultipartUpload(BucketName=BucketName,ObjectKey=Key,Id=?)
  Version:ObjectVersion(BucketName=BucketName,ObjectKey=Key,Id=?)
s3.ObjectAcl(BucketName,ObjectKey) Bucket<BucketName Key<ObjectKey put=PutObjectAcl load=GetObjectAcl
  reload=GetObjectAcl Object:Object(BucketName=BucketName,Key=ObjectKey)
s3.ObjectSummary(BucketName,Key) Bucket<BucketName Key<Key copy_from=CopyObject delete=DeleteObject get=GetObject
  initiate_multipart_upload=CreateMultipartUpload>MultipartUpload put=PutObject restore_object=RestoreObject
  load=HeadObject wait_until_exists=~ObjectExists wait_until_not_exists=~ObjectNotExists
  Acl:ObjectAcl(BucketName=BucketName,ObjectKey=Key) Bucket:Bucket(Name=BucketName)
  MultipartUpload:MultipartUpload(BucketName=BucketName,ObjectKey=Key,Id=?)
  Object:Object(BucketName=BucketName,Key=Key) Version:ObjectVersion(BucketName=BucketName,ObjectKey=Key,Id=?)
s3.ObjectVersion(BucketName,ObjectKey,Id) Bucket<BucketName Key<ObjectKey VersionId<Id delete=DeleteObject
  get=GetObject head=HeadObject Object:Object(BucketName=BucketName,Key=ObjectKey)
sns.() create_platform_application=CreatePlatformApplication>PlatformApplication create_topic=CreateTopic>Topic
  platform_applications*ListPlatformApplications>PlatformApplication subscriptions*ListSubscriptions>Subscription
  topics*ListTopics>Topic PlatformApplication:PlatformApplication(Arn=?) PlatformEndpoint:PlatformEndpoint(Arn=?)
  Subscription:Subscription(Arn=?) Topic:Topic(Arn=?)
sns.PlatformApplication(Arn) PlatformApplicationArn<Arn
  create_platform_endpoint=CreatePlatformEndpoint>PlatformEndpoint delete=DeletePlatformApplication
  set_attributes=SetPlatformApplicationAttributes load=GetPlatformApplicationAttributes
  reload=GetPlatformApplicationAttributes endpoints*ListEndpointsByPlatformApplication>PlatformEndpoint
sns.PlatformEndpoint(Arn) EndpointArn<Arn TargetArn<Arn delete=DeleteEndpoint publish=Publish
  set_attributes=SetEndpointAttributes load=GetEndpointAttributes reload=GetEndpointAttributes
sns.Subscription(Arn) SubscriptionArn<Arn delete=Unsubscribe set_attributes=SetSubscriptionAttributes
  load=GetSubscriptionAttributes reload=GetSubscriptionAttributes
sns.Topic(Arn) TopicArn<Arn add_permission=AddPermission confirm_subscription=ConfirmSubscription>Subscription
  delete=DeleteTopic publish=Publish remove_permission=RemovePermission set_attributes=SetTopicAttributes
  subscribe=Subscribe>Subscription load=GetTopicAttributes reload=GetTopicAttributes
  subscriptions*ListSubscriptionsByTopic>Subscription
sqs.() create_queue=CreateQueue>Queue get_queue_by_name=GetQueueUrl>Queue queues*ListQueues>Queue Queue:Queue(Url=?)
sqs.Message(QueueUrl,ReceiptHandle) QueueUrl<QueueUrl ReceiptHandle<ReceiptHandle
  change_visibility=ChangeMessageVisibility delete=DeleteMessage Queue:Queue(Url=QueueUrl)
sqs.Queue(Url) QueueUrl<Url add_permission=AddPermission change_message_visibility_batch=ChangeMessageVisibilityBatch
  delete=DeleteQueue delete_messages=DeleteMessageBatch purge=PurgeQueue receive_messages=ReceiveMessage>Message
  remove_permission=RemovePermission send_message=SendMessage send_messages=SendMessageBatch
  set_attributes=SetQueueAttributes load=GetQueueAttributes reload=GetQueueAttributes
  dead_letter_source_queues*ListDeadLetterSourceQueues>Queue Message:Message(QueueUrl=Url,ReceiptHandle=?)
"""


class ResourceClass(Struct, frozen=True):
    """One class of resource objects.

    Args:
        name: service and class, ``s3.Bucket``; the service itself is ``s3.``.
        identifiers: in the order of the constructor.
        parameters: API parameter to the identifier that fills it.
        methods: method to operation and the class of what it returns (or ``""``).
        collections: collection to the operation that lists it and the class of its items.
        attributes: attribute or constructor to its class and, for each identifier of it, mine or ``?`` for given.
    """

    name: str
    identifiers: tuple[str, ...]
    parameters: dict[str, str] = field(default_factory=dict)
    methods: dict[str, tuple[str, str]] = field(default_factory=dict)
    collections: dict[str, tuple[str, str]] = field(default_factory=dict)
    attributes: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _classes() -> dict[str, ResourceClass]:
    found = {}
    for line in _CLASSES.replace("\n  ", " ").strip().splitlines():
        head, *items = line.split()
        name, _, identifiers = head.rstrip(")").partition("(")
        made = ResourceClass(name, tuple(item for item in identifiers.split(",") if item))
        for item in items:
            _read(made, item)
        found[name] = made
    return found


def _read(made: ResourceClass, item: str) -> None:
    if ":" in item:
        name, _, rest = item.partition(":")
        kind, _, given = rest.rstrip(")").partition("(")
        pairs = tuple((pair.split("=")[0], pair.split("=")[1]) for pair in given.split(",") if pair)
        made.attributes[name] = (kind, pairs)
    elif "<" in item:
        parameter, _, identifier = item.partition("<")
        made.parameters[parameter] = identifier
    elif "*" in item:
        name, _, rest = item.partition("*")
        operation, _, kind = rest.partition(">")
        made.collections[name] = (operation, kind)
    else:
        name, _, rest = item.partition("=")
        operation, _, kind = rest.partition(">")
        made.methods[name] = (operation, kind)


def resource_class(service: str, name: str) -> ResourceClass | None:
    """A class of resource objects, ``""`` for the service itself; ``None`` when there is none of that name."""
    return _classes().get(f"{service}.{name}")


def services() -> frozenset[str]:
    """The services whose resource objects are known here."""
    return frozenset(name.split(".")[0] for name in _classes())
