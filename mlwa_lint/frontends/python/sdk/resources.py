"""Resources of version 3, `sagemaker.core.resources`: made, and found again."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.freezing import frozen
from mlwa_lint.frontends.python.evaluation.values import Handle, Item, PyValue, Site
from mlwa_lint.frontends.python.ledger import Created, Ledger
from mlwa_lint.frontends.python.sdk.names import snake
from mlwa_lint.frontends.python.sdk.objects import SdkObject
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary
from mlwa_lint.model.resources import UPDATED
from mlwa_lint.model.values import Absent, Reference, Scalar


class SnakeVocabulary(PythonVocabulary):
    """The third version's names: the API's in snake case."""

    def label(self, resource_type: str, path: tuple[str, ...]) -> str:
        """The parameter's path, `data_capture_config.kms_key_id`."""
        return ".".join(snake(each) for each in path)

    def key(self, name: str) -> str:
        """A field of a shape, for which a dictionary is taken as well."""
        return snake(name)


class CoreResource(SdkObject):
    """A resource of `sagemaker.core.resources`."""

    __slots__ = ("ledger", "made", "name")

    def __init__(self, core: Core, ledger: Ledger, made_here: Created, name: PyValue | None) -> None:
        self.core = core
        self.ledger = ledger
        self.made = made_here
        self.name = name
        self.kind = "Resource"

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`endpoint_name`, `endpoint_arn`."""
        if name.endswith("_name") and self.name is not None:
            return self.name
        if name in ("delete", "get_name", "update"):
            return None
        return Reference(self.made.address, name, site.span)

    def call(self, name: str, site: Site) -> PyValue | None:
        """`get_name`, `delete` and `update`."""
        if name == "delete":
            self.ledger.delete(self.core, self.made, site.span)
        if name == "update":
            _update(self.core, self.made, site)
        return self.name if name == "get_name" else None

    def frozen(self) -> PyValue | None:
        """Where a resource is handed over, its name is meant."""
        return self.name


class Existing(Handle):
    """`Endpoint.get(endpoint_name)` of `sagemaker.core.resources`: what is there already."""

    __slots__ = ("core", "key", "kind", "ledger", "name")

    def __init__(self, core: Core, ledger: Ledger, kind: str, key: str, name: PyValue) -> None:
        self.core = core
        self.ledger = ledger
        self.kind = kind
        self.key = key
        self.name = name

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """`endpoint_name`."""
        return self.name if name == snake(self.key) else None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`delete` and `update`."""
        if name not in ("delete", "update"):
            return None
        there = frozen(self.core, self.name, site.span)
        if name == "delete":
            self.ledger.delete_named(self.core, self.kind, self.key, there, site.span)
            return None
        found = self.ledger.named(self.kind, self.key, there)
        if found is not None:
            _update(self.core, found, site)
        return None


def _update(core: Core, made: Created, site: Site) -> None:
    """`endpoint.update(deployment_config=…)`: without one it goes without, as by boto3."""
    if made.kind != "AWS::SageMaker::Endpoint" or not core.recording:
        return
    made.attributes.pop(UPDATED, None)
    given = site.value("deployment_config")
    kept = site.value("retain_deployment_config")
    if kept is None or (isinstance(kept, Scalar) and not kept.data):
        value = Absent(site.span) if given is None else frozen(core, given, site.span)
        core.store(made.cells, "DeploymentConfig", Item(site.span, value))
