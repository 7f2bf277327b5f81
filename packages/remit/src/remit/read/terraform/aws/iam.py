"""Identity: roles, policies and how they are attached; keys, secrets and parameters; user pools."""

from remit.read.terraform.aws.kind import DROP, Kind, Row, json, many, one, verbatim
from remit.read.terraform.aws.kind import listed as in_list

_ROLE = ("AWS::IAM::Role",)
_POLICY_NAME: dict[str, str | Row] = {"name": "PolicyName", "name_prefix": DROP}

KINDS: dict[str, Kind] = {
    "aws_iam_role": Kind(
        "AWS::IAM::Role",
        {
            "name": "RoleName",
            "name_prefix": DROP,
            "assume_role_policy": json("AssumeRolePolicyDocument"),
            "inline_policy": many("Policies", {"name": "PolicyName", "policy": json("PolicyDocument")}),
            "managed_policy_arns": "ManagedPolicyArns",
            "permissions_boundary": "PermissionsBoundary",
            "max_session_duration": "MaxSessionDuration",
        },
        {"name": "", "id": "", "unique_id": "RoleId"},
    ),
    "aws_iam_role_policy": Kind(
        "AWS::IAM::RolePolicy",
        {**_POLICY_NAME, "role": "RoleName", "policy": json("PolicyDocument")},
        {"role": "RoleName", "name": "PolicyName", "id": ""},
    ),
    "aws_iam_policy": Kind(
        "AWS::IAM::ManagedPolicy",
        {"name": "ManagedPolicyName", "name_prefix": DROP, "policy": json("PolicyDocument")},
        {"arn": "", "id": "", "name": "ManagedPolicyName"},
    ),
    "aws_iam_role_policy_attachment": Kind(
        "AWS::IAM::RolePolicyAttachment",
        {"role": DROP, "policy_arn": in_list("ManagedPolicyArns")},
        into="role",
        owners=_ROLE,
    ),
    "aws_iam_policy_attachment": Kind(
        "AWS::IAM::PolicyAttachment",
        {
            "roles": DROP,
            "users": DROP,
            "groups": DROP,
            "name": DROP,
            "policy_arn": in_list("ManagedPolicyArns"),
        },
        into="roles",
        owners=_ROLE,
    ),
    "aws_iam_role_policy_attachments_exclusive": Kind(
        "AWS::IAM::RolePolicyAttachments",
        {"role_name": DROP, "policy_arns": "ManagedPolicyArns"},
        into="role_name",
        owners=_ROLE,
    ),
    "aws_iam_instance_profile": Kind(
        "AWS::IAM::InstanceProfile",
        {"name": "InstanceProfileName", "role": in_list("Roles")},
        {"name": "", "id": ""},
    ),
    "aws_iam_user": Kind("AWS::IAM::User", {"name": "UserName"}, {"name": "", "id": ""}),
    "aws_iam_group": Kind("AWS::IAM::Group", {"name": "GroupName"}, {"name": "", "id": ""}),
    "aws_iam_user_policy": Kind(
        "AWS::IAM::UserPolicy", {**_POLICY_NAME, "user": "UserName", "policy": json("PolicyDocument")}
    ),
    "aws_iam_group_policy": Kind(
        "AWS::IAM::GroupPolicy", {**_POLICY_NAME, "group": "GroupName", "policy": json("PolicyDocument")}
    ),
    "aws_iam_user_policy_attachment": Kind(
        "AWS::IAM::UserPolicyAttachment",
        {"user": DROP, "policy_arn": in_list("ManagedPolicyArns")},
        into="user",
        owners=("AWS::IAM::User",),
    ),
    "aws_iam_group_policy_attachment": Kind(
        "AWS::IAM::GroupPolicyAttachment",
        {"group": DROP, "policy_arn": in_list("ManagedPolicyArns")},
        into="group",
        owners=("AWS::IAM::Group",),
    ),
    "aws_iam_openid_connect_provider": Kind("AWS::IAM::OIDCProvider", {}, {"arn": "", "id": ""}),
    "aws_kms_key": Kind(
        "AWS::KMS::Key",
        {"policy": json("KeyPolicy"), "enable_key_rotation": "EnableKeyRotation"},
        {"id": "", "key_id": ""},
    ),
    "aws_kms_key_policy": Kind(
        "AWS::KMS::KeyPolicy",
        {"key_id": DROP, "policy": json("KeyPolicy")},
        into="key_id",
        owners=("AWS::KMS::Key",),
    ),
    "aws_kms_alias": Kind(
        "AWS::KMS::Alias",
        {"name": "AliasName", "name_prefix": DROP},
        {"name": "", "id": "", "target_key_arn": "TargetKeyArn"},
    ),
    "aws_secretsmanager_secret": Kind(
        "AWS::SecretsManager::Secret",
        {"name_prefix": DROP, "policy": json("Policy"), "kms_key_id": "KmsKeyId"},
        {"arn": "", "id": "", "name": ""},
        beside={"Policy": ("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy")},
    ),
    "aws_secretsmanager_secret_version": Kind(
        "AWS::SecretsManager::SecretVersion",
        {"secret_id": DROP, "version_stages": DROP},
        {"secret_string": "SecretString"},
        into="secret_id",
        owners=("AWS::SecretsManager::Secret",),
    ),
    "aws_secretsmanager_secret_policy": Kind(
        "AWS::SecretsManager::ResourcePolicy",
        {"secret_arn": "SecretId", "policy": json("ResourcePolicy")},
    ),
    "aws_secretsmanager_secret_rotation": Kind(
        "AWS::SecretsManager::RotationSchedule",
        {"rotation_lambda_arn": "RotationLambdaARN", "rotation_rules": one("RotationRules")},
    ),
    "aws_ssm_parameter": Kind("AWS::SSM::Parameter", {"insecure_value": "Value"}, {"name": "", "id": ""}),
    "aws_cognito_user_pool": Kind(
        "AWS::Cognito::UserPool",
        {
            "name": "UserPoolName",
            "lambda_config": one(
                "LambdaConfig",
                {
                    "custom_email_sender": one("CustomEmailSender"),
                    "custom_sms_sender": one("CustomSMSSender"),
                    "pre_token_generation_config": one("PreTokenGenerationConfig"),
                    "kms_key_id": "KMSKeyID",
                },
            ),
            "password_policy": one("Policies.PasswordPolicy"),
            "admin_create_user_config": one("AdminCreateUserConfig"),
            "email_configuration": one("EmailConfiguration"),
            "sms_configuration": one("SmsConfiguration"),
            "account_recovery_setting": one(
                "AccountRecoverySetting", {"recovery_mechanism": many("RecoveryMechanisms")}
            ),
            "user_pool_add_ons": one("UserPoolAddOns"),
            "user_attribute_update_settings": one("UserAttributeUpdateSettings"),
            "username_configuration": one("UsernameConfiguration"),
            "verification_message_template": one("VerificationMessageTemplate"),
            "device_configuration": one("DeviceConfiguration"),
            "mfa_configuration": "MfaConfiguration",
            "schema": many(
                "Schema",
                {
                    "string_attribute_constraints": one("StringAttributeConstraints"),
                    "number_attribute_constraints": one("NumberAttributeConstraints"),
                },
            ),
        },
        {"id": "", "name": "UserPoolName", "endpoint": "ProviderName"},
    ),
    "aws_cognito_user_pool_client": Kind(
        "AWS::Cognito::UserPoolClient",
        {
            "name": "ClientName",
            "allowed_oauth_flows": "AllowedOAuthFlows",
            "allowed_oauth_scopes": "AllowedOAuthScopes",
            "allowed_oauth_flows_user_pool_client": "AllowedOAuthFlowsUserPoolClient",
            "callback_urls": "CallbackURLs",
            "logout_urls": "LogoutURLs",
            "default_redirect_uri": "DefaultRedirectURI",
        },
        {"id": "", "client_id": "", "name": "Name"},
    ),
    "aws_cognito_user_pool_domain": Kind("AWS::Cognito::UserPoolDomain", {}, {"id": "", "domain": ""}),
    "aws_cognito_user_group": Kind("AWS::Cognito::UserPoolGroup", {"name": "GroupName"}, {"name": "", "id": ""}),
    "aws_cognito_resource_server": Kind(
        "AWS::Cognito::UserPoolResourceServer", {"scope": many("Scopes")}, {"id": "", "identifier": "Identifier"}
    ),
    "aws_cognito_identity_pool": Kind(
        "AWS::Cognito::IdentityPool",
        {"cognito_identity_providers": many("CognitoIdentityProviders")},
        {"id": "", "identity_pool_name": "Name"},
    ),
    "aws_cognito_identity_pool_roles_attachment": Kind(
        "AWS::Cognito::IdentityPoolRoleAttachment", {"roles": verbatim("Roles")}
    ),
}
