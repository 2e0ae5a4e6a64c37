"""How programs name models of Bedrock to libraries: LangChain, LlamaIndex, LiteLLM, Pydantic AI, Strands."""

import re

from mlwa_lint.model.values import Scalar, Value, known_text

# Classes by which libraries invoke models of Bedrock, by their package, and the arguments that name a model.
_OF_LANGCHAIN = ("langchain", "langchain_aws", "langchain_community")
_OF_LIBRARIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Bedrock": ((*_OF_LANGCHAIN, "llama_index"), ("model_id", "model")),
    "BedrockChat": (_OF_LANGCHAIN, ("model_id", "model")),
    "BedrockConverse": (("llama_index",), ("model",)),
    "BedrockConverseModel": (("pydantic_ai",), ("model_name",)),
    "BedrockEmbedding": (("llama_index",), ("model_name", "model")),
    "BedrockEmbeddings": (_OF_LANGCHAIN, ("model_id", "model")),
    "BedrockLLM": (_OF_LANGCHAIN, ("model_id", "model")),
    "BedrockModel": (("strands",), ("model_id",)),
    "ChatBedrock": (_OF_LANGCHAIN, ("model_id", "model")),
    "ChatBedrockConverse": (_OF_LANGCHAIN, ("model_id", "model")),
}
# Functions that choose the service by what precedes the model: `bedrock/anthropic.claude-…`.
_ROUTERS = "litellm."
_ROUTED = frozenset({"acompletion", "aembedding", "completion", "embedding"})
_OF_BEDROCK = "bedrock/"
_ROUTE = re.compile(r"^bedrock/(?:converse/|converse_like/|invoke/)?")


def model_arguments(path: str) -> tuple[str, ...] | None:
    """The arguments that name a model where a call is that of a library for Bedrock."""
    package, _, _ = path.partition(".")
    name = path.rpartition(".")[2]
    if package == _ROUTERS[:-1]:
        return ("model",) if name in _ROUTED else None
    packages, names = _OF_LIBRARIES.get(name, ((), ()))
    return names if package in packages else None


def bare_model(path: str, value: Value) -> Value | None:
    """The model that a library's call is given, without its route; None for one of another provider."""
    if not path.startswith(_ROUTERS):
        return value
    model = known_text(value) or ""
    if not isinstance(value, Scalar) or not model.startswith(_OF_BEDROCK):
        return None
    return Scalar(_ROUTE.sub("", model), value.span, value.assumed)
