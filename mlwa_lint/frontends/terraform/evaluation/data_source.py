"""One instance of a data source: what its block states, and what follows from that."""

import json
from collections.abc import Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.terraform.evaluation.bodies import META
from mlwa_lint.frontends.terraform.evaluation.objects import Attributes, whole
from mlwa_lint.frontends.terraform.evaluation.open_conditions import WORKSPACE
from mlwa_lint.frontends.terraform.evaluation.providers import Providers
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.vocabulary.attributes import found_by, repeated_in_data, type_in
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.values import (
    DEFAULT_VPC,
    Absent,
    Choice,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)

_STATE = "terraform_remote_state"
_DOCUMENT = "aws_iam_policy_document"
# Whose ARN ends in their name, perhaps after a path.
_NAMED_IN_ARN = frozenset({"aws_iam_policy", "aws_iam_role"})
# Data sources that read one model or profile: the part of its ARN before the argument that names it.
_ONE_OF_BEDROCK = {
    ("aws_bedrock_foundation_model", "model_arn"): ("::foundation-model", "model_id"),
    ("aws_bedrock_inference_profile", "inference_profile_arn"): (
        ":inference-profile",
        "inference_profile_id",
    ),
}
_PRESENT = frozenset({"aws_caller_identity", "aws_region", "aws_partition"})
# What is the same in all modules that deploy with one provider, by any of its names.
_SURROUNDING = {
    (kind, name): f"data.{kind}.current.{names[0]}"
    for kind, names in (
        ("aws_caller_identity", ("account_id", "id")),
        ("aws_partition", ("partition", "id")),
        ("aws_region", ("name", "id", "region")),
    )
    for name in names
}
_SECRET = {
    "aws_kms_secrets": frozenset({"plaintext"}),
    "aws_secretsmanager_random_password": frozenset({"random_password"}),
    "aws_secretsmanager_secret_version": frozenset({"secret_string", "secret_binary"}),
    "aws_ssm_parameter": frozenset({"value"}),
    "aws_ssm_parameters_by_path": frozenset({"values"}),
}


class DataInstance:
    """A data source instance: what is stated is known, the rest is read at deployment."""

    def __init__(self, address: str, block: Block, frame: TerraformFrame, providers: Providers) -> None:
        self.address = address
        self.block = block
        self.frame = frame
        self._providers = providers
        self._open: set[str] = set()
        self._found: dict[str, Value] = {}

    def value(self) -> MapValue:
        """The data source as a whole."""
        stated = tuple(name for name in self.block.arguments if name not in META)
        # Where a policy is, only the text of a document can be meant.
        meant = "json" if self.block.labels[0] == _DOCUMENT else ""
        attributes = Attributes("", self.block.span, stated, self.attribute, meant=meant)
        return whole(attributes, self.block.span, self._reason())

    def _reason(self) -> str:
        default = f", {DEFAULT_VPC}," if self._is_default_vpc() else ""
        return f"data source {'.'.join(self.block.labels)}{default} is read only at deployment"

    def _is_default_vpc(self) -> bool:
        if self.block.labels[0] != "aws_vpc" or "default" not in self.block.arguments:
            return False
        stated = self.attribute("default")
        return isinstance(stated, Scalar) and stated.data is True

    def attribute(self, name: str) -> Value:
        """One attribute."""
        if name in self._found:
            return self._found[name]
        if name in self._open:
            return Unknown(f"{self.address} refers to itself", self.block.span)
        self._open.add(name)
        try:
            found = self._attribute(name)
        finally:
            self._open.discard(name)
        self._found[name] = found
        return found

    def _attribute(self, name: str) -> Value:
        kind = self.block.labels[0]
        if kind == _DOCUMENT and name in ("json", "minified_json"):
            from mlwa_lint.frontends.terraform.evaluation.policy_documents import policy

            return policy(self.block, self.frame)
        if name in self.block.arguments and name not in META:
            return evaluate(self.block.arguments[name].value, self.frame)
        back = self._read_back(name)
        if back is not None:
            return back
        argument = repeated_in_data(kind, name)
        if argument != name and argument in self.block.arguments:
            return self.attribute(argument)
        composed = self._composed(kind, name)
        if composed is not None:
            return composed
        secret = kind in _SECRET and name in _SECRET[kind]
        present = secret or kind in _PRESENT or name in ("arn", "id", "name") or name.endswith("_arn")
        identity = self._surrounding(name) or f"{self.address}.{name}"
        return Unknown(self._reason(), self.block.span, identity=identity, present=present, secret=secret)

    def _composed(self, kind: str, name: str) -> Value | None:
        """What follows from other attributes, or is known of AWS; None where neither shows anything."""
        if kind == "template_file" and name == "rendered":
            return self._template()
        if kind == _STATE and name == "outputs":
            return whole(Attributes("", self.block.span, (), self._output), self.block.span, self._reason())
        if kind == "aws_s3_bucket" and name == "arn" and "bucket" in self.block.arguments:
            return self._text("arn:", self._unread("partition"), ":s3:::", self.attribute("bucket"))
        if (kind, name) in _ONE_OF_BEDROCK:
            return self._of_bedrock(*_ONE_OF_BEDROCK[kind, name])
        if kind == "aws_sagemaker_prebuilt_ecr_image" and name == "registry_path":
            return self._prebuilt_image()
        if kind == "aws_ecr_image" and name == "image_uri":
            return self._image_by_digest()
        return self._composed_of_iam(kind, name)

    def _composed_of_iam(self, kind: str, name: str) -> Value | None:
        found: Value | None = None
        if kind == "aws_iam_policy" and name in ("arn", "id"):
            found = self._managed_policy()
        elif kind == "aws_iam_policy" and name == "policy":
            found = self._document_of_aws()
        if found is None and name == "arn" and kind in _NAMED_IN_ARN and "name" in self.block.arguments:
            found = self._text(self._unread("arn"), "/", self.attribute("name"))
        return found

    def _unread(self, part: str) -> Unknown:
        """What is certainly there, and is read at deployment."""
        return Unknown(self._reason(), self.block.span, identity=f"{self.address}.{part}", present=True)

    def _text(self, *parts: str | Value) -> Value:
        span = self.block.span
        return text_of([Scalar(part, span) if isinstance(part, str) else part for part in parts], span)

    def _surrounding(self, name: str) -> str:
        """What the account, Region or partition is called wherever a configuration reads it; else empty."""
        usual = self._providers.is_default(self.block) and "region" not in self.block.arguments
        return _SURROUNDING.get((self.block.labels[0], name), "") if usual else ""

    def _output(self, name: str) -> Value:
        """An output of the configuration whose state is read."""
        backend = known_text(self.attribute("backend")) if "backend" in self.block.arguments else None
        config = self.attribute("config") if "config" in self.block.arguments else None
        if backend is not None and config is not None and self._of_this_workspace():
            found = self.frame.module.output_of_state(backend, config, name)
            if found is not None:
                return found
        reason = f"output {name} of {'.'.join(self.block.labels)} is read only at deployment"
        return Unknown(reason, self.block.span, identity=f"{self.address}.outputs.{name}")

    def _of_this_workspace(self) -> bool:
        """Whether the state that is read is that of the workspace at hand, or of the only one."""
        if "workspace" not in self.block.arguments:
            return True
        stated = self.attribute("workspace")
        shared = isinstance(stated, Unknown) and stated.identity == WORKSPACE
        return shared or known_text(stated) == "default"

    def _read_back(self, name: str) -> Value | None:
        """The attribute of the resource that it reads, where that is one of the configuration's own."""
        kind = self.block.labels[0]
        for argument in found_by(kind):
            if argument not in self.block.arguments:
                continue
            stated = self.attribute(argument)
            if not isinstance(stated, Choice):
                return self._of_resource(kind, stated, name)
            found = [self._of_resource(kind, option.value, name) for option in alternatives(stated)]
            if None not in found:
                return over_alternatives(
                    [stated],
                    lambda values: self._of_resource(kind, values[0], name) or values[0],
                    stated.span,
                )
        return None

    def _of_resource(self, kind: str, stated: Value, name: str) -> Value | None:
        if not isinstance(stated, Reference) or type_in(stated.address) != kind:
            return None
        found = self.frame.module.attribute_of(stated.address, name)
        return found if found is not None else Reference(stated.address, name, self.block.span)

    def _prebuilt_image(self) -> Value:
        """One of AWS's images: whose registry it is in depends on the Region; its name does not."""
        registry: Value = self._unread("registry")
        if "region" in self.block.arguments:
            region = self.attribute("region")
            registry = self._text(self._unread("account"), ".dkr.ecr.", region, ".amazonaws.com")
        tag: Value = Absent()
        if "image_tag" in self.block.arguments:
            tag = self.attribute("image_tag")
        if isinstance(tag, Absent):
            tag = Scalar("latest", self.block.span, tag.assumed)
        return self._text(registry, "/", self.attribute("repository_name"), ":", tag)

    def _image_by_digest(self) -> Value:
        """An image of a repository, which its address names by digest, whatever it is looked up by."""
        registry, digest = self._unread("registry_id"), self._unread("image_digest")
        return self._text(registry, "/", self.attribute("repository_name"), "@sha256:", digest)

    def _of_bedrock(self, place: str, argument: str) -> Value:
        """The ARN of the one model or inference profile that it reads."""
        if argument not in self.block.arguments:
            return self._unread("arn")
        partition, region = self._unread("partition"), self._unread("region")
        return self._text("arn:", partition, ":bedrock:", region, f"{place}/", self.attribute(argument))

    def _managed_policy(self) -> Value | None:
        """The ARN of the policy of AWS that has the stated name."""
        from mlwa_lint.facts.policies import arn_of

        span = self.block.span
        stated = self.attribute("name") if "name" in self.block.arguments else Absent(span)
        arn = arn_of(stated.data) if isinstance(stated, Scalar) and isinstance(stated.data, str) else None
        if arn is None:
            return None
        rest = Scalar(arn.removeprefix("arn:aws"), span, stated.assumed)
        return self._text("arn:", self._unread("partition"), rest)

    def _document_of_aws(self) -> Value | None:
        """The document of the policy of AWS that it reads, by its ARN or its name."""
        from mlwa_lint.facts.policies import arn_of, managed_policy

        stated = self.attribute("arn") if "arn" in self.block.arguments else None
        arn = known_text(stated) if stated is not None else None
        if stated is None and "name" in self.block.arguments:
            stated = self.attribute("name")
            arn = arn_of(known_text(stated) or "")
        found = managed_policy(arn) if arn is not None else None
        if found is None or stated is None:
            return None
        document = {"Version": "2012-10-17", "Statement": list(found.statements)}
        return Scalar(json.dumps(document), self.block.span, stated.assumed)

    def _template(self) -> Value:
        span = self.block.span
        names = self.attribute("vars") if "vars" in self.block.arguments else MapValue({}, span)

        def rendered(given: Sequence[Value]) -> Value:
            return self.frame.module.function("templatestring", given, span)

        return over_alternatives([self.attribute("template"), names], rendered, span)
