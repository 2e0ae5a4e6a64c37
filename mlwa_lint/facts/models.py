"""Bedrock's models: when they end, and through which inference profiles they can be invoked."""

import datetime
import functools
import re

from mlwa_lint.facts.tables import table
from mlwa_lint.startup.patterns import lazy

_ARN = lazy(r"arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile)/(.+)")
# The context size that may follow a model's version: `anthropic.claude-v2:1:200k`.
_CONTEXT = lazy(r":\d+k$|:mm$")
# The Regions to which a profile of a geography routes requests, as far as their names show.
_WITHIN = {
    "apac": "ap-",
    "au": "ap-",
    "ca": "ca-",
    "eu": "eu-",
    "jp": "ap-",
    "us": "us-",
    "us-gov": "us-gov-",
}


def model_id(name: str) -> str:
    """The bare id of a model that is named by its id, its ARN or a cross-Region inference profile.

    `us.anthropic.claude-sonnet-4-20250514-v1:0` names `anthropic.claude-sonnet-4-20250514-v1:0`.
    """
    match = _ARN.fullmatch(name)
    bare = match.group(1) if match is not None else name
    geography = profile_geography(bare)
    if geography:
        bare = bare.removeprefix(f"{geography}.")
    return re.sub(_CONTEXT.pattern, "", bare)


def profile_geography(name: str) -> str:
    """The geography of a cross-Region inference profile's id, `eu`; empty for another id."""
    first, dot, rest = name.partition(".")
    return first if dot and "." in rest and first in table("models")["profiles"]["geographies"] else ""


def destinations(name: str) -> tuple[str, ...]:
    """The Regions to which a profile routes requests, beside their own; empty where they are not known."""
    return tuple(table("models")["profiles"]["destinations"].get(profile_geography(name), ()))


def end_of_life(name: str) -> datetime.date | None:
    """The day from which requests to a model fail, if it is known; `name` as for `model_id`."""
    found: datetime.date | None = table("models")["ends"].get(model_id(name))
    return found


def remains_in(name: str) -> tuple[str, ...]:
    """The Regions in which requests to a model succeed beyond its end of life; `name` as for `model_id`.

    Those of another geography than the one that an inference profile names are left out.
    """
    found: list[str] = table("models")["remains"].get(model_id(name), [])
    match = _ARN.fullmatch(name)
    within = _WITHIN.get(profile_geography(match.group(1) if match is not None else name), "")
    return tuple(each for each in found if each.startswith(within))


def has_ended_some_day(name: str) -> bool:
    """Whether a model is known to have reached its end of life on a day that is not known."""
    return model_id(name) in table("models")["ended"]


def is_of_unknown_life(name: str) -> bool:
    """Whether nothing documents if a model has reached its end of life."""
    return model_id(name) in table("models")["unverified"]["models"]


def is_known(name: str) -> bool:
    """Whether the table has a model, by its life or by its inference profiles."""
    data, bare = table("models"), model_id(name)
    listed = bare in data["ends"] or bare in data["ended"]
    return listed or is_of_unknown_life(name) or has_profile(name)


def has_provider(name: str) -> bool:
    """Whether an id begins with a provider of the table, as that of a model does which the table lacks."""
    provider, dot, rest = model_id(name).partition(".")
    return bool(dot and rest) and provider in _providers()


@functools.cache
def _providers() -> frozenset[str]:
    data = table("models")
    listed = (*data["ends"], *data["ended"], *data["unverified"]["models"], *data["profiles"]["models"])
    return frozenset(each.partition(".")[0] for each in listed)


def has_profile(name: str) -> bool:
    """Whether a cross-Region inference profile exists for a model."""
    return model_id(name).startswith(tuple(table("models")["profiles"]["models"]))


def needs_profile(name: str) -> bool:
    """Whether a model that is named by its own id can only be invoked through an inference profile."""
    match = _ARN.fullmatch(name)
    bare = match.group(1) if match is not None else name
    return not profile_geography(bare) and bare.startswith(tuple(table("models")["profiles"]["required"]))
