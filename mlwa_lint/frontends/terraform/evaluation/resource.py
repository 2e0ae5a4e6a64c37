"""One instance of a resource or data source: its address, its attributes, its body."""

import json
from collections.abc import Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.evaluator import evaluate
from mlwa_lint.frontends.identities import identity_of
from mlwa_lint.frontends.terraform.evaluation.bodies import META, body_of, grouped, nested
from mlwa_lint.frontends.terraform.evaluation.limits import bounded
from mlwa_lint.frontends.terraform.evaluation.objects import Attributes, plain, whole
from mlwa_lint.frontends.terraform.evaluation.open_conditions import WORKSPACE, evaluated
from mlwa_lint.frontends.terraform.evaluation.providers import Providers
from mlwa_lint.frontends.terraform.evaluation.scope import TerraformFrame
from mlwa_lint.frontends.terraform.syntax.blocks import Block
from mlwa_lint.frontends.terraform.vocabulary.attributes import (
    followed,
    found_by,
    if_unset,
    names_itself,
    repeated,
    repeated_in_data,
    type_in,
)
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.values import (
    Absent,
    Assumptions,
    Choice,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)


class ResourceInstance:
    """A resource instance. Attributes are evaluated on demand."""

    def __init__(
        self,
        address: str,
        block: Block,
        frame: TerraformFrame,
        guards: tuple[Guard, ...],
        assumed: Assumptions,
    ) -> None:
        self.address = address
        self.block = block
        self.guards = guards
        self.assumed = assumed
        self.frame = frame
        self._groups = grouped(block, top=True)
        self._arguments: dict[str, Value] = {}
        self._open: set[str] = set()
        self._body: MapValue | None = None

    def value(self) -> MapValue:
        """The instance as a whole."""
        stated = (
            *(name for name in self.block.arguments if name not in META),
            *grouped(self.block, top=True),
        )
        attributes = Attributes(self.address, self.block.span, stated, self.attribute)
        return whole(attributes, self.block.span, f"{self.address} is known only after deployment")

    def attribute(self, name: str) -> Value:
        """What `address.name` gives: the resource's own name stays a reference to it, and any other argument
        is exactly what it was set to."""
        kind = self.block.labels[0]
        further = followed(kind, name)
        if further is not None:
            return self._followed(name, *further)
        argument = name if self.argument(name) is not None else repeated(kind, name)
        return self._seen(name, self.argument(argument), names_itself(kind, argument))

    def _seen(self, name: str, stated: Value | None, own: bool) -> Value:
        span = self.block.span
        if stated is None or isinstance(stated, Absent):
            reference = Reference(self.address, name, span)
            if (missing := if_unset(self.block.labels[0], name)) is None:
                return reference
            if missing:
                return Absent(span)
            # The provider may give it a value, or leave it null.
            reason = f"{self.address} sets no {name}"
            return Unknown(reason, span, (reference,), identity_of(reference))
        if isinstance(stated, Choice):
            yes, no = self._seen(name, stated.yes, own), self._seen(name, stated.no, own)
            return stated._replace(yes=yes, no=no)
        if not own:
            return stated
        if isinstance(stated, (Reference, Unknown)) or (
            isinstance(stated, Scalar) and isinstance(stated.data, str)
        ):
            return Reference(self.address, name, span, known_text(stated), stated.assumed)
        return stated

    def _followed(self, name: str, argument: str, attribute: str) -> Value:
        """An attribute of the resource that an argument names."""
        stated = self.argument(argument)
        own = Reference(self.address, name, self.block.span)
        if stated is None:
            return own
        return over_alternatives(
            [stated],
            lambda values: (
                values[0]._replace(attribute=attribute, known=None)
                if isinstance(values[0], Reference)
                else own
            ),
            self.block.span,
        )

    def argument(self, name: str) -> Value | None:
        """An argument's or nested block's value as written; None when it is not given."""
        if name in self._arguments:
            return self._arguments[name]
        if name in META or name in self._open:
            return None
        self._open.add(name)
        try:
            if name in self.block.arguments:
                span = self.block.arguments[name].span
                found = bounded(plain(evaluated(self.block.arguments[name].value, self.frame)), span)
            elif name in self._groups:
                found = nested(name, self._groups[name], self.frame)
            else:
                return None
        finally:
            self._open.discard(name)
        self._arguments[name] = found
        return found

    def body(self) -> MapValue:
        """All that the block states, without meta-arguments."""
        if self._body is None:
            try:
                self._body = body_of(self.block, self.frame)
            except RecursionError:
                span = self.block.span
                self._body = MapValue({}, span, Unknown("it is nested too deeply", span))
            if self.assumed:
                self._body = self._body._replace(assumed=self.assumed)
        return self._body


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
        return f"data source {'.'.join(self.block.labels)} is read only at deployment"

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
        if kind == "template_file" and name == "rendered":
            return self._template()
        if kind == _STATE and name == "outputs":
            return whole(Attributes("", self.block.span, (), self._output), self.block.span, self._reason())
        secret = kind in _SECRET and name in _SECRET[kind]
        if name == "arn" and kind == "aws_s3_bucket" and "bucket" in self.block.arguments:
            identity = f"{self.address}.partition"
            partition = Unknown(self._reason(), self.block.span, identity=identity, present=True)
            start, end = Scalar("arn:", self.block.span), Scalar(":s3:::", self.block.span)
            return text_of([start, partition, end, self.attribute("bucket")], self.block.span)
        if (kind, name) in _ONE_OF_BEDROCK:
            return self._of_bedrock(*_ONE_OF_BEDROCK[kind, name])
        if name in ("arn", "id") and kind == "aws_iam_policy" and (managed := self._managed_policy()):
            return managed
        if name == "policy" and kind == "aws_iam_policy" and (document := self._document_of_aws()):
            return document
        if name == "arn" and kind in _NAMED_IN_ARN and "name" in self.block.arguments:
            before = Unknown(self._reason(), self.block.span, identity=f"{self.address}.arn", present=True)
            slash = Scalar("/", self.block.span)
            return text_of([before, slash, self.attribute("name")], self.block.span)
        if kind == "aws_sagemaker_prebuilt_ecr_image" and name == "registry_path":
            return self._prebuilt_image()
        if kind == "aws_ecr_image" and name == "image_uri":
            return self._image_by_digest()
        present = secret or kind in _PRESENT or name in ("arn", "id", "name") or name.endswith("_arn")
        identity = self._surrounding(name) or f"{self.address}.{name}"
        return Unknown(self._reason(), self.block.span, identity=identity, present=present, secret=secret)

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
        span = self.block.span
        registry: Value = Unknown(self._reason(), span, identity=f"{self.address}.registry", present=True)
        if "region" in self.block.arguments:
            account = Unknown(self._reason(), span, identity=f"{self.address}.account", present=True)
            start, end = Scalar(".dkr.ecr.", span), Scalar(".amazonaws.com", span)
            registry = text_of([account, start, self.attribute("region"), end], span)
        stated = "image_tag" in self.block.arguments
        tag = self.attribute("image_tag") if stated else Scalar("latest", span)
        if isinstance(tag, Absent):
            tag = Scalar("latest", span, tag.assumed)
        name = [Scalar("/", span), self.attribute("repository_name"), Scalar(":", span), tag]
        return text_of([registry, *name], span)

    def _image_by_digest(self) -> Value:
        """An image of a repository, which its address names by digest, whatever it is looked up by."""
        span = self.block.span
        registry, digest = (
            Unknown(self._reason(), span, identity=f"{self.address}.{each}", present=True)
            for each in ("registry_id", "image_digest")
        )
        repository = [Scalar("/", span), self.attribute("repository_name")]
        return text_of([registry, *repository, Scalar("@sha256:", span), digest], span)

    def _of_bedrock(self, place: str, argument: str) -> Value:
        """The ARN of the one model or inference profile that it reads."""
        span = self.block.span
        if argument not in self.block.arguments:
            return Unknown(self._reason(), span, identity=f"{self.address}.arn", present=True)
        partition, region = (
            Unknown(self._reason(), span, identity=f"{self.address}.{each}", present=True)
            for each in ("partition", "region")
        )
        start, service = Scalar("arn:", span), Scalar(":bedrock:", span)
        return text_of(
            [start, partition, service, region, Scalar(f"{place}/", span), self.attribute(argument)], span
        )

    def _managed_policy(self) -> Value | None:
        """The ARN of the policy of AWS that has the stated name."""
        from mlwa_lint.facts.policies import arn_of

        span = self.block.span
        stated = self.attribute("name") if "name" in self.block.arguments else Absent(span)
        arn = arn_of(stated.data) if isinstance(stated, Scalar) and isinstance(stated.data, str) else None
        if arn is None:
            return None
        partition = Unknown(self._reason(), span, identity=f"{self.address}.partition", present=True)
        end = Scalar(arn.removeprefix("arn:aws"), span, stated.assumed)
        return text_of([Scalar("arn:", span), partition, end], span)

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
