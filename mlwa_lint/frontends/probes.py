"""Programs that try endpoints out: load tests, canaries, benchmarks. No one waits for the responses."""

import re
from collections.abc import Iterable

from mlwa_lint.files.texts import PathSteps
from mlwa_lint.startup.patterns import lazy

_TESTS = r"(?:[-_]?(?:test(?:s|er|ing)?|check(?:s|er)?|run(?:s|ner)?))"
# How such a program, or its folder, is called; what deploys step by step is called a canary as well.
_NAMED = lazy(
    r"(?i)(?:^|[/_.-])(?:"
    rf"bench(?:mark(?:s|ing)?)?|(?:load|perf(?:ormance)?|smoke|soak|stress){_TESTS}|loadgen|locust(?:file)?s?|k6"
    r"|(?:load|traffic)[-_]gen(?:erator)?|gatling|jmeter)(?:[/_.-]|$)"
    rf"|(?:^|[/_.-])(?:canar(?:y|ies)|synthetics?|smoke){_TESTS}?(?:/|\.\w+$)"
)
# What drives them: `from locust import User`, `import http from 'k6/http'`, `require('Synthetics')`.
_DRIVEN = lazy(
    r"(?m)^[ \t]*(?:from|import)[ \t]+(?:locust|molotov|pytest_benchmark)\b|[\"'](?:k6(?:/[\w/]+)?|autocannon"
    r"|artillery|Synthetics|@amzn/synthetics-[\w-]+)[\"']|\bio\.gatling\b"
)
_CLOCK = re.compile(rb"(?i)schedule|\bcron|synthetics")
# Files that show when something runs.
_CONFIGURATIONS = (".yaml", ".yml", ".json", ".tf", ".toml", ".cfg", ".ini", "Makefile", "crontab")


def is_probe(steps: PathSteps, text: str) -> bool:
    """Whether a program tries endpoints out, by what it or its folder is called, or by what drives it."""
    return _NAMED.search("/".join(steps)) is not None or _DRIVEN.search(text) is not None


def is_scheduled(steps: PathSteps, texts: Iterable[tuple[PathSteps, bytes]]) -> bool:
    """Whether a configuration that names a program has a schedule: someone watches what it finds."""
    name = steps[-1].partition(".")[0].encode("utf-8", "replace")
    return any(
        name in content and _CLOCK.search(content) is not None
        for each, content in texts
        if each[-1].endswith(_CONFIGURATIONS)
    )
