"""The words of a program that can make it request anything: not its comments, nor its functions' names."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import lru_cache

from mlwa_lint.frontends.python.limits import HANDLER_FILES_LIMIT
from mlwa_lint.frontends.python.syntax.parse import parse, shared_nodes
from mlwa_lint.frontends.python.syntax.source import PythonSyntaxError, nodes_in
from mlwa_lint.startup.patterns import lazy, whole

# Words of which a program that asks an AI service must have one: `lex` alone is part of other words.
AI_WORDS = (
    "rekognition|textract|transcribe|comprehend|polly|translate|personalize(?!d(?!_?ranking))|forecast"
    "|frauddetector|kendra|qbusiness|lex-runtime|lexv2-runtime|lookoutequipment|lookoutvision|sagemaker-geospatial"
)
# A client of which the text does not say whose it is, and what else may run code that is not seen.
OPEN_CLIENT = (
    rf"(?:{whole('client(')}|\.resource\()\s*(?:[^\"')\s]|[\"'][^\"']*__unknown__)"
    rf"|{whole('import_module(')}|{whole('__import__(')}|{whole('exec(')}|{whole('eval(')}"
)
# Modules that invoke no model: of Lambda's runtime, and well-known ones for other purposes.
HARMLESS = frozenset(sys.stdlib_module_names) | frozenset(
    [
        "PIL",
        "PyPDF2",
        "aiohttp",
        "aws_embedded_metrics",
        "aws_lambda_powertools",
        "aws_requests_auth",
        "aws_xray_sdk",
        "awswrangler",
        "backoff",
        "bcrypt",
        "boto3",
        "botocore",
        "bs4",
        "certifi",
        "cfnresponse",
        "charset_normalizer",
        "crhelper",
        "cryptography",
        "cv2",
        "dateutil",
        "docx",
        "dotenv",
        "elasticsearch",
        "fastapi",
        "feedparser",
        "flask",
        "fpdf",
        "google",
        "google_auth_oauthlib",
        "googleapiclient",
        "httpx",
        "idna",
        "jinja2",
        "jmespath",
        "jose",
        "jsonpickle",
        "jsonschema",
        "jwt",
        "lxml",
        "mangum",
        "markdown",
        "markupsafe",
        "matplotlib",
        "mysql",
        "numpy",
        "openpyxl",
        "opensearchpy",
        "pandas",
        "pdfplumber",
        "pgvector",
        "pkg_resources",
        "pptx",
        "praw",
        "psycopg",
        "psycopg2",
        "pyarrow",
        "pyathena",
        "pydantic",
        "pydantic_settings",
        "pymongo",
        "pymysql",
        "pypdf",
        "pytz",
        "redis",
        "requests",
        "requests_aws4auth",
        "requests_toolbelt",
        "s3fs",
        "s3transfer",
        "sagemaker",
        "scipy",
        "sentry_sdk",
        "setuptools",
        "simplejson",
        "six",
        "sklearn",
        "slack_bolt",
        "slack_sdk",
        "smart_open",
        "sqlalchemy",
        "starlette",
        "stripe",
        "tabulate",
        "tenacity",
        "tqdm",
        "twilio",
        "typing_extensions",
        "urllib3",
        "valkey",
        "xmltodict",
        "yaml",
        "yfinance",
    ]
)
# Parts of names by which prompts are sent to models of Bedrock, or by libraries that do.
PROMPTING_WORDS = (
    r"converse|invoke_?(?:model|flow|(?:inline_?)?agent)|retrieve_?and_?generate|rerank|//bedrock"
    r"|anthropic|langchain|strands|openai|bedrock[-_]?agentcore(?!-control)"
)
# A client of Bedrock that sets something up, by which no model is invoked: `bedrock-agentcore-control`.
BEDROCK_CLIENT = r"bedrock(?!(?:-agent(?:core-control)?)?[\"'])"
_OPEN = lazy(rf"{OPEN_CLIENT}|getattr\(")
_AI_WORD = lazy(rf"(?i){AI_WORDS}")
_ANY_WORD = lazy(rf"(?i){AI_WORDS}|bedrock|sagemaker")
# Clients by which a program starts others, which its words may be about.
_STARTING = lazy(
    r"[\"'](?:batch|codebuild|ecs|events|glue|lambda|pipes|scheduler|sns|sqs|stepfunctions)[\"']"
)
# What a client of an AI service is made by, and the host of one: no other text reaches it.
_REACHING = lazy(
    rf"(?i)(?:{AI_WORDS})[a-z0-9-]*|.*amazonaws.*|runtime\.sagemaker|sagemaker(?:-[a-z0-9-]+)?"
    r"|bedrock(?:-(?:agent|agentcore|data-automation))?(?:-(?:control|runtime))?",
    re.DOTALL,
)
_REMEMBERED = 2 * HANDLER_FILES_LIMIT
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OWN = "own_name"


def effective(texts: Iterable[str]) -> list[str]:
    """Programs that are deployed together, without comments, docstrings and the names of their functions.

    Where the text shows whose clients they make, their own variables and texts are no AI services either:
    `forecast_days`, `https://weather.example/forecast`; nor are Bedrock and SageMaker, unless the program
    starts others, which these words may be about. A text that defines no function stays as it is: it
    may be a placeholder that its comment describes.
    """
    texts = list(texts)
    names = frozenset(name for text in texts for name in _defined(text))
    shown = not any(map(_is_open, texts))
    others = not any(map(_starts_others, texts))
    return [_without(text, names, shown, others) for text in texts]


@lru_cache(maxsize=_REMEMBERED)
def _is_open(text: str) -> bool:
    return _OPEN.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def _starts_others(text: str) -> bool:
    return _STARTING.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def _defined(text: str) -> frozenset[str]:
    try:
        nodes = shared_nodes(text)
    except PythonSyntaxError:
        return frozenset()
    return frozenset(node.name for node in nodes if isinstance(node, _DEFINITIONS))


@lru_cache(maxsize=_REMEMBERED)
def _without(text: str, names: frozenset[str], shown: bool, whole: bool) -> str:
    if not _defined(text):
        return text
    try:
        body = parse(text)
        words = _OwnWords(names, shown, whole)
        for node in nodes_in(body):
            words.leave_out_of(node)
        return ast.unparse(ast.Module(body, []))
    except (PythonSyntaxError, RecursionError, ValueError):
        return text


class _OwnWords:
    """Names that are certainly the program's own, not the equal ones of clients' methods."""

    def __init__(self, names: frozenset[str], shown: bool, whole: bool) -> None:
        self._names = names
        self._shown = shown
        self._word = _ANY_WORD if whole else _AI_WORD

    def leave_out_of(self, node: ast.AST) -> None:
        """Replaces what a node itself has of them, and a text that nothing uses."""
        if isinstance(node, ast.Name):
            if node.id in self._names:
                node.id = _OWN
            elif self._shown:
                node.id = self._word.sub(_OWN, node.id)
        elif isinstance(node, ast.Constant):
            if self._shown and isinstance(node.value, str) and not _REACHING.fullmatch(node.value):
                node.value = self._word.sub(_OWN, node.value)
        elif isinstance(node, ast.Attribute):
            of_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if of_own and node.attr in self._names:
                node.attr = _OWN
        elif isinstance(node, _DEFINITIONS):
            node.name = _OWN
        elif isinstance(node, ast.alias):
            if node.name in self._names:
                node.name = _OWN
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Name("pass")
