"""Attributes that repeat a property: what was set is what `Fn::GetAtt` and `Ref` give.

Source: the resource schemas of the CloudFormation registry. An attribute that is not among a type's
`readOnlyProperties` is one of its properties; `Ref` gives the property that is its `primaryIdentifier`.
"""

# Attributes, and `Ref` (""), that repeat a property of another name: (type, attribute) -> property.
_REPEATED = {
    ("AWS::Cognito::UserPoolDomain", ""): "Domain",
    ("AWS::ECR::RepositoryPolicy", ""): "RepositoryName",
    ("AWS::Lambda::Url", "FunctionArn"): "TargetFunctionArn",
    ("AWS::S3::BucketPolicy", ""): "Bucket",
    ("AWS::SecretsManager::ResourcePolicy", ""): "SecretId",
    ("AWS::SecretsManager::RotationSchedule", ""): "SecretId",
    ("AWS::SecretsManager::SecretTargetAttachment", ""): "SecretId",
}
# Types whose attributes are what a program or template returns, and none of their properties.
_RETURNING = ("Custom::", "AWS::CloudFormation::", "AWS::ServiceCatalog::")


def returns(kind: str) -> bool:
    """Whether a type's attributes are what a program or another template returns."""
    return kind.startswith(_RETURNING) or kind.endswith("::MODULE")


def repeated(kind: str, attribute: str) -> str | None:
    """The property that an attribute of a type repeats, if it is given; None where it repeats none."""
    if returns(kind):
        return None
    named = _REPEATED.get((kind, attribute))
    return named or (attribute if attribute and not _is_own_name(kind, attribute) else None)


def _is_own_name(kind: str, attribute: str) -> bool:
    """Whether an attribute is what the resource itself is called; that leads to the resource."""
    if attribute in ("Arn", "Id", "Name"):
        return True
    stem = attribute.removesuffix("Name").removesuffix("Arn").removesuffix("Id")
    return stem != attribute and kind.endswith(stem)
