"""Whether code that runs in a container needs the network, which isolation would cut off."""

from typing import Literal, TypeAlias

from mlwa_lint.startup.patterns import lazy

# "perhaps" where nothing shows whether a folder or a model of a hub is loaded.
NetworkNeed: TypeAlias = Literal["yes", "perhaps", "no"]

# Libraries whose purpose is to fetch data from elsewhere, wherever they are imported.
_CLIENTS = (
    *(
        "boto3",
        "s3fs",
        "awswrangler",
        "sagemaker",
        "requests",
        "httpx",
        r"urllib\.request",
        "huggingface_hub",
    ),
    *("mlflow", "wandb", "comet_ml", "neptune", "snowflake", "psycopg2", "pymysql", "pymongo"),
    *("redshift_connector", "aiohttp", "aioboto3", "anthropic", "elasticsearch", "feast", "openai"),
    *("opensearchpy", "pyathena", "redis"),
    # Data sets, markets, satellites.
    *("alpha_vantage", "ccxt", "earthaccess", "fredapi", "kaggle", "kagglehub", "modelscope", "openml"),
    *("osmnx", "pandas_datareader", "pystac_client", "quandl", "roboflow", "sentinelsat", "tdc", "ucimlrepo"),
    *("wikipedia", "yfinance"),
)
# Files that the library `datasets` reads, in the place of a data set's name.
_FORMATS = r"(?:arrow|audiofolder|csv|imagefolder|json|pandas|parquet|text|webdataset)"
# Functions by which libraries fetch data sets and models that are not there yet.
_FETCHING = (
    # NLTK, spaCy, stanza, PyTorch Hub, Google Drive, gensim.
    r"(?:nltk|spacy\.cli|stanza|torch\.hub|gdown|wget)\.(?:download|load)\w*\(|-m[\"'\s,]+spacy[\"'\s,]+download\b",
    r"gensim\.downloader\b|(?:snapshot_download|hf_hub_download|urlretrieve)\(",
    # scikit-learn, torchvision and torchaudio, torchtext, TensorFlow Datasets, Keras, OGB.
    r"fetch_(?:20newsgroups|california_housing|covtype|kddcup99|lfw_|olivetti_faces|openml|rcv1|species_dist)\w*\(",
    r"download\s*=\s*True\b|torchtext\.(?:datasets|vocab)\b|tfds\.(?:builder|load)\(",
    r"(?:boston_housing|california_housing|cifar10|cifar100|fashion_mnist|imdb|mnist|reuters)\.load_data\(",
    r"(?:PygGraphPropPred|PygNodePropPred|PygLinkPropPred|DglGraphPropPred)Dataset\(",
    # Data sets of the Hub without an owner, and of seaborn; the names of formats read files.
    rf"load_dataset\(\s*[\"'](?!{_FORMATS}[\"'])[\w-]+[\"']\s*[,)]",
)

_COMMENT = lazy(r"(?m)(?:^|\s)#.*$")
_NETWORK = lazy(
    rf"(?m)^[ \t]*(?:import|from)\s+(?:{'|'.join(_CLIENTS)})\b(?!_)"
    rf"|(?<![\w])(?:{'|'.join(_FETCHING)})"
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
    rf"\s*(?![\w.\[\]]*(?:dir|path|folder|checkpoint|output|save)|[\"']{_FORMATS}[\"'])"
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
