"""The keys of a configuration file: meanings, types, and their JSON Schema."""

from typing import Any, Literal, TypeAlias

from mlwa_lint.config.settings import FILE_NAME, FIX_KEYS, THRESHOLDS, Settings
from mlwa_lint.frontends.options import MODULES
from mlwa_lint.model.findings import SCOPES, SEVERITIES
from mlwa_lint.startup.records import NamedTuple

Schema: TypeAlias = dict[str, Any]
# Of a path: also in overrides. Of the run: from the working folder's file alone. Of the file: of no setting.
ConfigPart: TypeAlias = Literal["path", "run", "file"]

SCHEMA_ID = "https://mlwa-lint.readthedocs.io/schema/configuration-1.schema.json"
_TEXTS: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
_PATH: Schema = {"type": "string", "minLength": 1}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_TRUTH: Schema = {"type": "boolean"}
_VALUES: Schema = {"type": "object"}
_SEVERITY: Schema = {"enum": list(SEVERITIES)}
_FIX: Schema = {
    "type": "object",
    "properties": {name: {"anyOf": [_PATH, _TEXTS]} for name in FIX_KEYS},
    "additionalProperties": False,
}
_DEFAULTS = Settings()


class ConfigKey(NamedTuple):
    """One key. default: in words, as the documentation shows it."""

    part: ConfigPart
    schema: Schema
    meaning: str
    default: str


KEYS: dict[str, ConfigKey] = {
    "extend": ConfigKey(
        "file",
        _PATH,
        "the file that this one builds on: a path, or an installed package (`acme_ml_rules:strict.toml`)",
        "none",
    ),
    "select": ConfigKey("path", _TEXTS, "rules to run: codes, code prefixes, names, `ALL`", "all"),
    "ignore": ConfigKey("path", _TEXTS, "rules not to run; the more specific selector wins", "none"),
    "severity": ConfigKey(
        "path", _SEVERITY, "findings below it are not reported", f'`"{_DEFAULTS.severity}"`'
    ),
    "fail-on": ConfigKey(
        "path",
        {"enum": list(THRESHOLDS)},
        "findings at or above it make the exit code 1; `never` keeps it 0",
        f'`"{_DEFAULTS.fail_on}"`',
    ),
    "scope": ConfigKey(
        "path",
        {"enum": list(SCOPES)},
        "`ml` checks buckets, keys, functions, roles and other general resources only where the graph ties "
        "them to machine learning; `all` checks every resource",
        f'`"{_DEFAULTS.scope}"`',
    ),
    "require-reasons": ConfigKey(
        "path",
        _TRUTH,
        "whether suppressions must give a reason; those without one have no effect",
        "`false`",
    ),
    "severities": ConfigKey(
        "path",
        {"type": "object", "additionalProperties": _SEVERITY},
        'other severities than the rules\' own: `{ MLS101 = "low" }`',
        "none",
    ),
    "required-tags": ConfigKey("path", _TEXTS, "tag keys that every ML resource must have", "none"),
    "parameters": ConfigKey("path", _TEXTS, "files with CloudFormation parameter values", "none"),
    "var-files": ConfigKey("path", _TEXTS, "Terraform variable files", "none"),
    "vars": ConfigKey("path", _VALUES, "values of single Terraform variables", "none"),
    "sagemaker-config": ConfigKey(
        "path", _PATH, "a file of SageMaker defaults for Python programs", "the nearest in the project"
    ),
    "module-limit": ConfigKey(
        "path",
        _COUNT,
        "how many module instances are expanded in one Terraform configuration",
        f"`{MODULES}`",
    ),
    "operated": ConfigKey(
        "path",
        _TRUTH,
        "whether someone operates what is linted, so that missing alarms, second instances and the like "
        "weigh in full",
        "what the repository shows",
    ),
    "python": ConfigKey("path", _TRUTH, "whether Python files and notebooks are linted", "`true`"),
    "rules": ConfigKey(
        "run", _TEXTS, "further rules: directories, files, modules, whose code is run", "none"
    ),
    "format": ConfigKey("run", _TEXTS, "reports, as for `--format`", '`["text"]`'),
    "baseline": ConfigKey("run", _PATH, "the baseline file", "none"),
    "jobs": ConfigKey("run", _COUNT, "how many targets to lint at a time", "as many as there are processors"),
    "exclude": ConfigKey(
        "run",
        _TEXTS,
        "files and directories to leave out, by patterns as in `.gitignore`; also files that a hook "
        "names, but not others that are named",
        "none",
    ),
    "root": ConfigKey(
        "run",
        _PATH,
        "nothing outside this directory is read (nested templates, modules, `file()`)",
        "the repository; without one, the widest directory around the file among the working directory and "
        "those that the command line names; else the directory of its configuration, or its own",
    ),
    "environment-variables": ConfigKey("run", _TRUTH, "whether `TF_VAR_name` counts", "`false`"),
    "cache-size": ConfigKey("run", _COUNT, "megabytes that kept results may take", "`100`"),
    "validate": ConfigKey(
        "run", _TRUTH, "whether [cfn-lint](#validation-by-cfn-lint) validates templates as well", "`false`"
    ),
    "fix": ConfigKey(
        "run",
        _FIX,
        "what fixes use where a rule needs a key, a topic, a log bucket, subnets or security groups: "
        '`{ kms-key = "HostingKey" }`',
        "none",
    ),
}


def schema() -> Schema:
    """The JSON Schema of `.mlwa-lint.toml`, and of `[tool.mlwa-lint]` in a pyproject.toml."""
    of_paths = {key: _described(each) for key, each in KEYS.items() if each.part == "path"}
    override: Schema = {
        "type": "object",
        "required": ["paths"],
        "properties": {
            "paths": {
                **_TEXTS,
                "minItems": 1,
                "description": "Patterns as in .gitignore, relative to the file's directory.",
            },
            **of_paths,
        },
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": f"mlwa-lint configuration ({FILE_NAME}, or tool.mlwa-lint in pyproject.toml)",
        "type": "object",
        "properties": {
            **{key: _described(each) for key, each in KEYS.items()},
            "overrides": {
                "type": "array",
                "items": override,
                "description": "What some paths have of their own; later ones win.",
            },
        },
        "additionalProperties": False,
    }


def _described(key: ConfigKey) -> Schema:
    meaning = (
        key.meaning.replace("`", "").partition(" [")[0]
        if "](" in key.meaning
        else key.meaning.replace("`", "")
    )
    return {**key.schema, "description": f"{meaning[:1].upper()}{meaning[1:]}."}
