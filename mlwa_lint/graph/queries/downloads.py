"""What a container downloads from a hub, the web or S3 when it starts, according to its settings."""

from collections.abc import Iterable

from mlwa_lint.graph.resolved import named, why_unknown
from mlwa_lint.graph.views import View
from mlwa_lint.model.answers import NO, Answer, answer, possibly, some, undecided
from mlwa_lint.model.values import NO_ASSUMPTIONS, MapValue, Reference, Unknown, known_text
from mlwa_lint.startup.patterns import lazy

# What names the model in the containers of AWS and of Hugging Face: a folder, a place in S3, or a model of
# the Hub, `meta-llama/Llama-3.1-8B`. A token is given where the Hub requires one.
_MODEL_VARIABLES = frozenset({"HF_MODEL_ID", "OPTION_MODEL_ID", "MODEL_ID", "SM_VLLM_MODEL"})
_HUB_ID = r"^[\w.-]+/[\w.-]+$"
# There the models of the Hub's early days have no owner: `gpt2`. A folder starts with a slash.
_HUB_MODEL = r"^[\w.-]+(?:/[\w.-]+)?$"
_HUB_TOKENS = frozenset({"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_HUB_TOKEN"})
# Settings of the program's own, whose names show that they name a model of a hub, whatever its name is.
_NAMES_HUB_MODEL = lazy(r"(?i)(?:.*_)?(?:hf_model|hub_model|hf_repo|repo_id|model_id|pretrained_model).*")
# Those that may name one, also inside of JSON.
_NAMES_MODEL = lazy(r"(?i).*(?:model|repo|hub|checkpoint|tokenizer|pretrained).*")
_HUB_TEXT = lazy(_HUB_ID)
_HUB_IN_JSON = lazy(
    r"(?i)\"[^\"]*(?:model|repo|hub|checkpoint|tokenizer|pretrained)[^\"]*\"\s*:\s*\"[\w.-]+/[\w.-]+\""
)
_PLACE = lazy(r"(?i)(?:https?://(?!localhost|127\.)|s3://)\S")
_ARCHIVE = r"(?i)(?:s3|https?)://.+"
# What the containers' toolkits read themselves, `SAGEMAKER_PROGRAM`, also as a hyperparameter.
_TOOLKIT = "sagemaker_"
# Where the toolkit fetches the code from when the container starts: the program has uploaded it to S3.
_SUBMITTED = "sagemaker_submit_directory"
# The same of a model, as a variable.
SUBMITTED = _SUBMITTED.upper()
# A folder of the image or of a channel is there already.
_FOLDER = lazy(r"[\"']?(?:/|file://)")


def fetches_at_start(settings: Iterable[View], besides: str = "") -> Answer:
    """Whether a container's settings, its environment or hyperparameters, name what it downloads.

    That is a model of the Hugging Face Hub or a token for it, a web address, or a place in S3. It is
    undecided where names are not known: `Environment.$` of a state. besides: a setting that does not count.
    """
    maps = list(settings)
    given = [each for settings in maps for each in settings.entries() if each[0] != besides]
    models = (view.matches(_HUB_MODEL) for name, view in given if name in _MODEL_VARIABLES)
    tokens = (view.is_present() for name, view in given if name in _HUB_TOKENS)
    found = some(models) | some(tokens) | some(_names_download(name, view) for name, view in given)
    return found | some(_may_have_others(each) for each in maps)


def _may_have_others(settings: View) -> Answer:
    """Undecided where a map may have further entries, whose names are not known."""
    value = settings.value
    if isinstance(value, MapValue):
        return NO if value.rest is None else undecided(named(value.rest.reason, settings))
    return undecided(named(why_unknown(value), settings)) if isinstance(value, (Unknown, Reference)) else NO


def _names_download(name: str, view: View) -> Answer:
    """Whether a setting of the program's own literally names one; what is not known proves nothing.

    It is undecided where its name shows that it is a model's in a hub, `BASE_MODEL_ID`. JSON that a
    program makes of a map is still that map here.
    """
    if isinstance(view.value, MapValue):
        return some(_names_download(key, each) for key, each in view.entries())
    text = known_text(view.value)
    if name == _SUBMITTED:
        return answer(possibly(view.is_present()) and (text is None or _FOLDER.match(text) is None))
    if name == SUBMITTED:
        head = view.value.parts[0] if isinstance(view.value, Unknown) and view.value.parts else ""
        if isinstance(head, str) and head.startswith("s3://"):
            return answer(True)
        return view.matches(_ARCHIVE)  # as a variable, it is a model's: often a folder in its archive
    if name.lower().startswith(_TOOLKIT):
        return answer(False)
    if text is None:
        return view.matches(_HUB_ID) if _NAMES_HUB_MODEL.match(name) else answer(False)
    names_model = _NAMES_MODEL.match(name) is not None
    hub = _HUB_TEXT.match(text) if names_model else None
    found = hub or _PLACE.search(text) or _HUB_IN_JSON.search(text)
    # Whatever `EPOCHS` may be other than its default is not a download either.
    return answer(found is not None, view.value.assumed if found or names_model else NO_ASSUMPTIONS)
