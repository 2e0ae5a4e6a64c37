"""Whether programs for .NET, by what their frameworks are given, check who calls them."""

from pathlib import Path

import pytest

from mlwa_lint.catalogue.registry import load_rules
from mlwa_lint.files.endings import files_of
from mlwa_lint.frontends.dotnet_code import program_of
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.run.pipeline import lint_paths
from mlwa_lint.run.settings import RunSettings

RULES = load_rules().rules
HANDLER = "Prices::Prices.EntryPoint::HandleAsync"
TOKENS = 'services.AddAuthentication().AddJwtBearer(x => x.Authority = "https://id.example.com");\n'
GUARDED = TOKENS + "app.UseEndpoints(each => each.MapControllers().RequireAuthorization());\n"
CUSTOM = "class Keys : AuthenticationHandler<Options> { }\n[Authorize]\nclass Prices : ControllerBase { }\n"
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Prices:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: dotnet8
      Handler: Prices::Prices.EntryPoint::HandleAsync
      CodeUri: {Bucket: builds, Key: prices.zip}
      Policies:
        - Statement:
            - {Effect: Allow, Action: "bedrock:InvokeModel", Resource: "*"}
      Events:
        Ask: {Type: HttpApi, Properties: {Path: /ask, Method: post}}
"""


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("source", "checks"),
    [
        (GUARDED, True),
        (CUSTOM, True),
        ("var claims = await handler.ValidateTokenAsync(token, parameters);\n", True),
        (TOKENS, False),
        (GUARDED.replace("app.", "// app."), False),
        ("[Authorize]\nclass Prices : ControllerBase { }\n", False),
    ],
)
def test_whether_a_program_checks_its_callers(tmp_path: Path, source: str, checks: bool) -> None:
    _written(tmp_path, {"src/Prices/Prices.csproj": "<Project/>\n", "src/Prices/Startup.cs": source})
    found = program_of(HANDLER, files_of(tmp_path))
    assert found is not None
    assert found.checks is checks
    assert [Path(each).name for each in found.sources] == ["Prices.csproj", "Startup.cs"]


@pytest.mark.parametrize(
    "files",
    [
        {"Orders/Orders.csproj": "", "Orders/Startup.cs": GUARDED},
        {"Prices/Prices.csproj": ""},
        {"a/Prices.csproj": "", "a/Startup.cs": GUARDED, "b/Prices.csproj": "", "b/Startup.cs": GUARDED},
        {"Prices/Prices.csproj": "", "Prices/obj/Startup.cs": GUARDED},
    ],
)
def test_of_what_is_not_found_nothing_is_known(tmp_path: Path, files: dict[str, str]) -> None:
    assert program_of(HANDLER, files_of(_written(tmp_path, files))) is None
    assert program_of("bootstrap", files_of(tmp_path)) is None


@pytest.mark.parametrize(("source", "reported"), [(GUARDED, False), (TOKENS, True)])
def test_an_api_is_not_open_that_its_program_guards(tmp_path: Path, source: str, reported: bool) -> None:
    project = {"src/Prices.csproj": "<Project/>\n", "src/Startup.cs": source}
    folder = _written(tmp_path, {"template.yaml": TEMPLATE, **project})
    options = LoadOptions(root=folder)
    report = lint_paths([str(folder)], lambda _: RunSettings(RULES, options), 1)
    assert ("MLS107" in {each.code for each in report.findings}) is reported
    assert ("MLS107" in {each.code for each in report.undecided}) is not reported
