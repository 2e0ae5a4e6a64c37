"""Buckets that everyone may use: what opens them, what keeps them closed, and what is meant to be open."""

from mlwa_lint.graph.iam import policies
from mlwa_lint.graph.iam.policies import Statement
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.model.answers import Answer, certainly

# The canned lists that open a bucket, and what each lets everyone do; the groups that a grant opens it to.
PUBLIC_LISTS = {
    "PublicRead": "lets anyone list its objects",
    "PublicReadWrite": "lets anyone list its objects and add, replace and delete some",
    "AuthenticatedRead": "lets every AWS account list its objects",
}
PUBLIC_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
# In lower case, as IAM compares names of actions.
_READING = ("s3:get", "s3:list")
_READING_OBJECTS = ("s3:getobject", "s3:getobjectversion")


def is_opened_by_policy(bucket: ResourceView, graph: GraphView) -> bool:
    """Whether a policy of a bucket certainly grants access to everyone."""
    return any(certainly(each.open_to_anyone()) for each in policies.of_bucket(bucket, graph))


def is_opened_by_list(bucket: ResourceView) -> bool:
    """Whether the access control list of a bucket certainly grants access to everyone."""
    granted = bucket["AccessControlPolicy.Grants"].any_item(
        lambda each: each["Grantee.URI"].one_of(PUBLIC_GROUPS)
    )
    return certainly(bucket["AccessControl"].one_of(tuple(PUBLIC_LISTS)) | granted)


def cannot_become_public(bucket: ResourceView) -> Answer:
    """Whether S3 acts neither on lists nor on policies that make the bucket public, new or old."""
    block = bucket["PublicAccessBlockConfiguration"]
    return block["IgnorePublicAcls"].is_true() & block["RestrictPublicBuckets"].is_true()


def rejects_public_settings(bucket: ResourceView) -> Answer:
    """Whether S3 rejects new lists and policies that make the bucket public; old ones may remain."""
    block = bucket["PublicAccessBlockConfiguration"]
    return block["BlockPublicAcls"].is_true() & block["BlockPublicPolicy"].is_true()


def reads_objects_only(statement: Statement) -> Answer:
    """Whether a statement is about nothing but reading objects, as a website needs."""
    return statement["Action"].is_present() & statement.actions.every_item(
        lambda item: item.test(lambda text: text.lower() in _READING_OBJECTS)
    )


def reads_only(statement: Statement) -> Answer:
    """Whether a statement allows nothing but reading and listing."""
    return statement["Action"].is_present() & statement.actions.every_item(
        lambda item: item.test(lambda text: text.lower().startswith(_READING))
    )
