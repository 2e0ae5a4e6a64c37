"""What calls of boto3's clients give back, as far as a program may use it for further calls."""

from mlwa_lint.frontends.python.evaluation.subscripts import key_text
from mlwa_lint.frontends.python.evaluation.values import Handle, PyValue, Site
from mlwa_lint.model.values import Reference, Unknown, Value

# Under what key some responses have the resource.
_INNER = (
    *("Role", "KeyMetadata", "Policy", "Function", "repository", "alarm"),
    *("agent", "agentAlias", "knowledgeBase", "dataSource", "createCollectionDetail"),
)
_MODEL_PLACE = ("ModelArtifacts", "S3ModelArtifacts")
_IMAGE_PLACE = ("AlgorithmSpecification", "TrainingImage")


class Response(Handle):
    """What a call gives back: attributes of the resource that it made."""

    __slots__ = ("address",)

    def __init__(self, address: str) -> None:
        self.address = address

    def is_created(self) -> bool:
        """It is the response of a call that has created the resource."""
        return True

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`response["EndpointArn"]`."""
        text = key_text(key)
        if text in _INNER:
            return Response(self.address)
        return None if text is None else Reference(self.address, text[:1].upper() + text[1:], site.span)

    def call(self, name: str, site: Site) -> PyValue | None:
        """`response.get("EndpointArn")`."""
        return self.item(site.positional[0], site) if name == "get" and site.positional else None


class Described(Response):
    """What a call shows of a resource that the program makes; what changes in it is not known."""

    __slots__ = ()

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`response["Role"]["Arn"]`."""
        text = key_text(key)
        if text in _INNER:
            return self
        stays = text is not None and (text.lower().endswith("arn") or text == "RoleName")
        return super().item(key, site) if stays else None


class CallerIdentity(Handle):
    """The caller's identity: the same for every call of the program."""

    __slots__ = ()

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`response["Account"]`."""
        text = key_text(key)
        if text is None:
            return None
        reason = "who runs the program is known only there"
        return Unknown(reason, site.span, identity=f"the caller's {text}", present=True)

    def call(self, name: str, site: Site) -> PyValue | None:
        """`response.get(…)`."""
        return self.item(site.positional[0], site) if name == "get" and site.positional else None


class TrainingJob(Handle):
    """What describes a training job; the place of its model is not known, and certainly given."""

    __slots__ = ("image", "path")

    def __init__(self, image: Value | None, path: tuple[str, ...] = ()) -> None:
        self.image = image
        self.path = path

    def described(self) -> str:
        """Why it is not known."""
        return "describe_training_job() is known only when the program runs"

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`response["ModelArtifacts"]["S3ModelArtifacts"]`."""
        text = key_text(key)
        path = (*self.path, text or "")
        if path == _MODEL_PLACE[: len(path)]:
            reason = "where a training job puts its model is known only when the program runs"
            if path != _MODEL_PLACE:
                return TrainingJob(self.image, path)
            return Unknown(reason, site.span, present=True)
        if path == _IMAGE_PLACE[: len(path)]:
            return self.image if path == _IMAGE_PLACE else TrainingJob(self.image, path)
        return None

    def call(self, name: str, site: Site) -> PyValue | None:
        """`response.get(…)`."""
        return self.item(site.positional[0], site) if name == "get" and site.positional else None
