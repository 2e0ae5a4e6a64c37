"""Whether code that runs in a container needs the network, which isolation would cut off."""

from typing import Literal, TypeAlias

from mlwa_lint.startup.patterns import lazy

# "perhaps" where nothing shows whether a folder or a model of a hub is loaded.
NetworkNeed: TypeAlias = Literal["yes", "perhaps", "no"]

_COMMENT = lazy(r"(?m)(?:^|\s)#.*$")
_NETWORK = lazy(
    r"(?m)^[ \t]*(?:import|from)\s+"
    r"(?:boto3|s3fs|awswrangler|sagemaker|requests|httpx|urllib\.request|huggingface_hub"
    r"|mlflow|wandb|comet_ml|neptune|snowflake|psycopg2|pymysql|pymongo|redshift_connector|aiohttp|aioboto3"
    r"|anthropic|elasticsearch|feast|openai|opensearchpy|pyathena|redis)\b(?!_)"
    r"|\b(?:nltk|spacy\.cli|torch\.hub|gdown|wget)\.(?:download|load)\w*\("
    r"|\b(?:snapshot_download|hf_hub_download|urlretrieve)\("
    r"|[\"'](?:s3[an]?|https?)://(?!localhost|127\.)(?=[^\"'\s]*[\"'])"
    r"|\bpip[\"']?\s*(?:,\s*)?[\"']?install\b"
    r"|\b(?:from_pretrained|load_dataset|SentenceTransformer|CrossEncoder|pipeline)"
    r"\(\s*(?:[\"'][\w-]+[\"']\s*,\s*model\s*=\s*)?[\"'](?![./])[\w.-]+/[\w.-]+[\"']"
    # What a pipeline of transformers takes unless a model is named.
    r"|\bpipeline\(\s*(?:task\s*=\s*)?[\"'][\w-]+[\"']\s*\)"
    # Weights that the classes of torchvision, timm and Keras download; models of OpenAI Whisper and EasyOCR.
    r"|\bpretrained\s*=\s*True\b|\bweights\s*=\s*[\"'](?:DEFAULT|IMAGENET1K_V\d|imagenet)[\"']"
    r"|\bweights\s*=\s*\w+_Weights\.|\b(?:whisper\.load_model|easyocr\.Reader|utils\.get_file)\("
)
# A model that may be one of a hub: not what a folder is handed over for.
_PERHAPS = lazy(
    r"\b(?:from_pretrained|load_dataset|SentenceTransformer|CrossEncoder)\("
    r"\s*(?![\w.\[\]]*(?:dir|path|folder|checkpoint|output|save))"
    r"(?:[\"'](?![./])|[A-Za-z_])"
)


def without_comments(text: str) -> str:
    """The text of a program or a file of requirements without its comments."""
    return _COMMENT.sub("", text)


def network_need(code: str) -> NetworkNeed:
    """Whether code without comments needs the network."""
    if _NETWORK.search(code) is not None:
        return "yes"
    return "perhaps" if _PERHAPS.search(code) is not None else "no"
