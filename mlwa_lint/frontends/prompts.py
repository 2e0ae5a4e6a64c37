"""Whether programs of the repository send prompts to models: a knowledge base alone only embeds documents."""

import re

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.resources import BY_HAND, NO_PROMPTS, PROMPTS, SERVED, Project, Resource
from mlwa_lint.startup.patterns import lazy

PROGRAM_SIZE_LIMIT = 1_000_000
_KNOWLEDGE_BASE = "AWS::Bedrock::KnowledgeBase"
_CONTAINERS = ("AWS::AppRunner::Service", "AWS::ECS::TaskDefinition")
_NOTED = (_KNOWLEDGE_BASE, *_CONTAINERS)
_PROGRAM = lazy(
    r"(?<!\.d)(?<!\.min)\.(?:py|ipynb|[cm]?[jt]sx?|java|kt|scala|go|cs|rb|rs|php|swift|sh)$", re.IGNORECASE
)
# Calls of the runtime, in whatever case a language writes them, and what libraries call their clients.
_PROMPTS = lazy(
    r"(?i)(?:\b|_)converse(?:_?stream|command|_?async)?\b|invoke_?model|retrieve_?and_?generate"
    r"|invoke_?(?:inline_?)?agent|invoke_?flow|invoke-(?:model|agent|flow)"
    r"|chat_?bedrock|bedrock_?chat|bedrock_?llm|bedrock_?(?:converse_?)?model\b|bedrock_?converse"
    r"|[\"']bedrock(?:_converse)?[/:]|anthropic_?bedrock|from [\"']@ai-sdk/amazon-bedrock"
    r"|openai|import anthropic|from anthropic|@anthropic-ai/sdk|langchain|llama_index|litellm"
)
# The same of Bedrock alone: what goes to a model of another provider is no prompt of the account.
_PROMPTS_OF_BEDROCK = lazy(
    r"(?i)(?:\b|_)converse(?:_?stream|command|_?async)?\b|invoke_?model|retrieve_?and_?generate"
    r"|invoke_?(?:inline_?)?agent|invoke_?flow|invoke-(?:model|agent|flow)"
    r"|chat_?bedrock|bedrock_?chat|bedrock_?llm|bedrock_?(?:converse_?)?model\b|bedrock_?converse"
    r"|[\"']bedrock(?:_converse)?[\"'/:]|anthropic_?bedrock|[\"']@ai-sdk/amazon-bedrock|llms?[./]bedrock"
    r"|\bbedrock\(|bedrock-(?:mantle|runtime)|strands"
)
_MENTIONS = lazy(r"(?i)bedrock")
# What responds to whoever sends a request, rather than to the person who runs it.
_SERVES = lazy(
    r"(?m)^[^#\n]*(?:\b(?:streamlit|gradio|chainlit|fastapi|flask|django|starlette|aiohttp\.web|tornado|express"
    r"|fastify|koa|hono|nestjs|slack_bolt|discord|telegram|twilio|BedrockAgentCoreApp|next/server)\b"
    r"|\bdef \w*handler\(|\bexports\.\w*handler\b|\bexport (?:const|async function|function) \w*handler\b"
    r"|http\.HandleFunc|@RestController|lambda\.Start)"
)


def with_prompts(project: Project, files: ProjectFiles | None) -> Project:
    """The project with a note at each knowledge base of whether a program of the repository sends prompts.

    At what runs containers likewise, where programs call Bedrock and none of them sends it prompts.
    """
    if files is None or files.root is None or not any(each.type in _NOTED for each in project.resources):
        return project
    resources = tuple(
        each.with_note(PROMPTS, found) if (found := _found_for(each, files)) else each
        for each in project.resources
    )
    return project._replace(resources=resources)


def _found_for(resource: Resource, files: ProjectFiles) -> str:
    if resource.type == _KNOWLEDGE_BASE:
        return files.once(_prompting)
    return NO_PROMPTS if resource.type in _CONTAINERS and files.once(_sends_bedrock_none) else ""


def _sends_bedrock_none(files: ProjectFiles) -> bool:
    """Whether programs of the repository call Bedrock, and none of them sends it prompts."""
    found = files.texts_like(_PROGRAM.search, PROGRAM_SIZE_LIMIT)
    texts = [] if found is None else [text for _, text in found]
    return any(map(_MENTIONS.search, texts)) and not any(map(_PROMPTS_OF_BEDROCK.search, texts))


def _prompting(files: ProjectFiles) -> str:
    """Whether no program sends prompts, only one that a person runs, or one that may serve others."""
    found = files.texts_like(_PROGRAM.search, PROGRAM_SIZE_LIMIT)
    if found is None:
        return SERVED
    texts = [text for _, text in found]
    if not any(map(_PROMPTS.search, texts)):
        return NO_PROMPTS
    return SERVED if any(map(_SERVES.search, texts)) else BY_HAND
