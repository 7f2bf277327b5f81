"""Which service a client of the SDKs for JavaScript belongs to, in the words of the SDK for Python, which iam uses.

The map holds only those whose service id, without blanks and dashes, is not already the other name. It was read off
botocore 1.44's service models; the second part are names that only version 2 of the SDK has.
"""

_IDS = """
accountaccess=account-access accountaccessruntime=account-access-runtime acmpca=acm-pca agentregistry=agent-registry
agentregistrycontrol=agent-registry-control applicationautoscaling=application-autoscaling
applicationdiscoveryservice=discovery applicationinsights=application-insights applicationsignals=application-signals
arcregionswitch=arc-region-switch arczonalshift=arc-zonal-shift autoscalingplans=autoscaling-plans
backupgateway=backup-gateway bcmdashboards=bcm-dashboards bcmdataexports=bcm-data-exports
bcmpricingcalculator=bcm-pricing-calculator bcmrecommendedactions=bcm-recommended-actions bedrockagent=bedrock-agent
bedrockagentcore=bedrock-agentcore bedrockagentcorecontrol=bedrock-agentcore-control
bedrockagentruntime=bedrock-agent-runtime bedrockdataautomation=bedrock-data-automation
bedrockdataautomationruntime=bedrock-data-automation-runtime bedrockruntime=bedrock-runtime
chimesdkidentity=chime-sdk-identity chimesdkmediapipelines=chime-sdk-media-pipelines chimesdkmeetings=chime-sdk-meetings
chimesdkmessaging=chime-sdk-messaging chimesdkvoice=chime-sdk-voice cloudfrontkeyvaluestore=cloudfront-keyvaluestore
cloudtraildata=cloudtrail-data cloudwatchlogs=logs codegurureviewer=codeguru-reviewer codegurusecurity=codeguru-security
codestarconnections=codestar-connections codestarnotifications=codestar-notifications cognitoidentity=cognito-identity
cognitoidentityprovider=cognito-idp cognitosync=cognito-sync computeoptimizer=compute-optimizer
computeoptimizerautomation=compute-optimizer-automation configservice=config connectcontactlens=connect-contact-lens
costandusagereportservice=cur costexplorer=ce costoptimizationhub=cost-optimization-hub customerprofiles=customer-profiles
databasemigrationservice=dms devopsagent=devops-agent devopsguru=devops-guru directoryservice=ds
directoryservicedata=ds-data docdbelastic=docdb-elastic ec2instanceconnect=ec2-instance-connect ecrpublic=ecr-public
eksauth=eks-auth elasticloadbalancing=elb elasticloadbalancingv2=elbv2 elasticsearchservice=es emrcontainers=emr-containers
emrserverless=emr-serverless eventbridge=events geomaps=geo-maps geoplaces=geo-places georoutes=geo-routes
iamtoolbox=iam-toolbox inspectorscan=inspector-scan iotdataplane=iot-data iotjobsdataplane=iot-jobs-data
iotmanagedintegrations=iot-managed-integrations ivsrealtime=ivs-realtime kendraranking=kendra-ranking
kinesisvideoarchivedmedia=kinesis-video-archived-media kinesisvideomedia=kinesis-video-media
kinesisvideosignaling=kinesis-video-signaling kinesisvideowebrtcstorage=kinesis-video-webrtc-storage lambdacore=lambda-core
lambdamicrovms=lambda-microvms lambdaweb=lambda-web launchwizard=launch-wizard lexmodelbuildingservice=lex-models
lexmodelsv2=lexv2-models lexruntimeservice=lex-runtime lexruntimev2=lexv2-runtime licensemanager=license-manager
licensemanagerlinuxsubscriptions=license-manager-linux-subscriptions
licensemanagerusersubscriptions=license-manager-user-subscriptions managedblockchainquery=managedblockchain-query
marketplaceagreement=marketplace-agreement marketplacecatalog=marketplace-catalog
marketplacedeployment=marketplace-deployment marketplacediscovery=marketplace-discovery
marketplaceentitlementservice=marketplace-entitlement marketplacemetering=meteringmarketplace
marketplacereporting=marketplace-reporting mediapackagevod=mediapackage-vod mediastoredata=mediastore-data
medicalimaging=medical-imaging migrationhub=mgh migrationhubconfig=migrationhub-config
migrationhubrefactorspaces=migration-hub-refactor-spaces mwaaserverless=mwaa-serverless neptunegraph=neptune-graph
networkfirewall=network-firewall networksecuritymanager=network-security-manager novaact=nova-act
partnercentralaccount=partnercentral-account partnercentralbenefits=partnercentral-benefits
partnercentralchannel=partnercentral-channel partnercentralrevenuemeasurement=partnercentral-revenue-measurement
partnercentralselling=partnercentral-selling paymentcryptography=payment-cryptography
paymentcryptographydata=payment-cryptography-data pcaconnectorad=pca-connector-ad pcaconnectorscep=pca-connector-scep
personalizeevents=personalize-events personalizeruntime=personalize-runtime pinpointemail=pinpoint-email
pinpointsmsvoice=sms-voice pinpointsmsvoicev2=pinpoint-sms-voice-v2 pricingplanmanager=pricing-plan-manager rdsdata=rds-data
redshiftdata=redshift-data redshiftserverless=redshift-serverless resourceexplorer2=resource-explorer-2
resourcegroups=resource-groups route53recoverycluster=route53-recovery-cluster
route53recoverycontrolconfig=route53-recovery-control-config route53recoveryreadiness=route53-recovery-readiness
sagemakera2iruntime=sagemaker-a2i-runtime sagemakeredge=sagemaker-edge
sagemakerfeaturestoreruntime=sagemaker-featurestore-runtime sagemakergeospatial=sagemaker-geospatial
sagemakerinferencerouterruntime=sagemaker-inference-router-runtime sagemakermetrics=sagemaker-metrics
sagemakerruntime=sagemaker-runtime securityir=security-ir serverlessapplicationrepository=serverlessrepo
servicecatalogappregistry=servicecatalog-appregistry servicequotas=service-quotas sfn=stepfunctions signerdata=signer-data
simpledb=sdb snowdevicemanagement=snow-device-management ssmcontacts=ssm-contacts ssmguiconnect=ssm-guiconnect
ssmincidents=ssm-incidents ssmquicksetup=ssm-quicksetup ssmsap=ssm-sap ssoadmin=sso-admin ssooidc=sso-oidc
supportapp=support-app timestreaminfluxdb=timestream-influxdb timestreamquery=timestream-query
timestreamwrite=timestream-write voiceid=voice-id vpclattice=vpc-lattice wafregional=waf-regional
workspacesinstances=workspaces-instances workspacesthinclient=workspaces-thin-client workspacesweb=workspaces-web
"""
_OLDER = """
cloudwatchevents=events rdsdataservice=rds-data iotdata=iot-data lexruntime=lex-runtime lexmodelbuilding=lex-models
cognitoidentityserviceprovider=cognito-idp stepfunctions=stepfunctions elb=elb elbv2=elbv2 es=es dms=dms cur=cur
discovery=discovery dynamodbdocumentclient=dynamodb costandusagereport=cur transcribeservice=transcribe
"""
_NAMES = dict(pair.split("=") for pair in (_IDS + _OLDER).split())


def service_of(client: str) -> str:
    """The service of a client.

    Args:
        client: ``client-cloudwatch-logs`` of version 3 without its ``client-``, or ``CloudWatchLogs`` of version 2.

    Returns:
        ``logs``.
    """
    plain = client.replace("-", "").replace("_", "").lower()
    return _NAMES.get(plain, plain)


__all__ = ["service_of"]
