import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlwa_lint.frontends.cloudformation.stacks.project import NESTING_LIMIT, load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import Reference, Scalar, Unknown

from .templates import plain, project_of, reason, resource

CHILD = """
    Parameters:
      Env: {Type: String, Default: dev}
      Size: {Type: String, Default: ml.t3.medium}
      Key: {Type: String}
      Names: {Type: CommaDelimitedList, Default: a}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    Resources:
      Bucket:
        {Type: AWS::S3::Bucket, Properties: {Env: !Ref Env, Size: !Ref Size, Key: !Ref Key, N: !Ref Names}}
      Alarm: {Type: AWS::CloudWatch::Alarm, Condition: IsProd}
    Outputs:
      Arn: {Value: !GetAtt Bucket.Arn}
      Env: {Value: !Ref Env}
"""
PARENT = """
    Parameters:
      Stage: {Type: String, Default: dev}
      Secret: {Type: String, NoEcho: true}
    Conditions: {Prod: !Equals [!Ref Stage, prod]}
    Resources:
      Data:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: child.yaml
          Parameters: {Env: !Ref Stage, Key: !GetAtt Master.Arn, Names: 'x,y'}
      Master: {Type: AWS::KMS::Key}
      User:
        Type: AWS::A::B
        Properties:
          {Arn: !GetAtt Data.Outputs.Arn, Env: !GetAtt Data.Outputs.Env, No: !GetAtt Data.Outputs.No}
"""


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def loaded(folder: Path, files: Mapping[str, str], root: Path | None = None, **parameters: str) -> Project:
    write(folder, files)
    return load(folder / "parent.yaml", LoadOptions(root=root, parameters=parameters))


def calling(url: str, rest: str = "") -> str:
    return (
        f"Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {url}}}\n"
        + rest
    )


def condition_names(project: Project) -> dict[str, str]:
    return {guard.condition.text: guard.condition.name for each in project.resources for guard in each.guards}


def test_resources_of_a_nested_stack_belong_to_the_project(tmp_path: Path) -> None:
    project = loaded(tmp_path, {"parent.yaml": PARENT, "child.yaml": CHILD})
    assert [each.address for each in project.resources] == [
        "Data",
        "Data.Bucket",
        "Data.Alarm",
        "Master",
        "User",
    ]
    assert not project.gaps
    assert all("are not properties of AWS::S3::Bucket" in each.message for each in project.problems)
    assert [Path(source).name for source in project.sources] == ["parent.yaml", "child.yaml"]
    bucket = resource(project, "Data.Bucket")
    assert Path(bucket.span.path).name == "child.yaml"
    assert bucket.span.line == 9


def test_parameters_are_bound_and_others_keep_their_defaults_for_certain(tmp_path: Path) -> None:
    project = loaded(tmp_path, {"parent.yaml": PARENT, "child.yaml": CHILD})
    found = resource(project, "Data.Bucket").properties.entries
    env, size, key = (found[name].value for name in ("Env", "Size", "Key"))
    assert isinstance(env, Scalar)
    assert env.data == "dev"
    assert env.assumed == frozenset({"the default of Stage"})
    assert isinstance(size, Scalar)
    assert (size.data, size.assumed) == ("ml.t3.medium", frozenset())
    assert isinstance(key, Reference)
    assert (key.address, key.attribute) == ("Master", "Arn")
    assert plain(found["N"].value) == ["x", "y"]


def test_outputs_lead_to_the_nested_resource(tmp_path: Path) -> None:
    project = loaded(tmp_path, {"parent.yaml": PARENT, "child.yaml": CHILD}, Stage="prod")
    found = resource(project, "User").properties.entries
    assert plain(found["Arn"].value) == "<Data.Bucket.Arn>"
    assert plain(found["Env"].value) == "prod"
    assert reason(found["No"].value) == "stack Data has no output No"
    assert found["Arn"].value.span is not None
    assert Path(found["Arn"].value.span.path).name == "parent.yaml"


def test_conditions_of_both_stacks_are_solved_together(tmp_path: Path) -> None:
    parent = PARENT.replace("Master: {", "Only: {Type: AWS::A::B, Condition: Prod}\n      Master: {")
    project = loaded(tmp_path, {"parent.yaml": parent, "child.yaml": CHILD})
    names = condition_names(project)
    assert set(names) == {"Prod", "Data.IsProd"}
    assert not project.scenarios.possible({names["Prod"]: True, names["Data.IsProd"]: False})
    assert not project.scenarios.possible({names["Prod"]: False, names["Data.IsProd"]: True})
    assert project.scenarios.possible({names["Prod"]: True, names["Data.IsProd"]: True})


def test_what_the_parent_decides_decides_conditions_of_the_nested_stack(tmp_path: Path) -> None:
    decided = PARENT.replace("!Ref Stage,", "prod,")
    project = loaded(tmp_path, {"parent.yaml": decided, "child.yaml": CHILD})
    assert resource(project, "Data.Alarm").guards == ()
    silent = PARENT.replace("Env: !Ref Stage,", "")
    project = loaded(tmp_path, {"parent.yaml": silent, "child.yaml": CHILD})
    assert "Data.Alarm" not in [each.address for each in project.resources]
    chosen = PARENT.replace("!Ref Stage,", "!If [Prod, prod, other],")
    project = loaded(tmp_path, {"parent.yaml": chosen, "child.yaml": CHILD})
    (guard,) = resource(project, "Data.Alarm").guards
    assert guard.condition.default is None or guard.condition.default is False


def test_unknown_parameters_of_a_stack_leave_conditions_open(tmp_path: Path) -> None:
    opened = PARENT.replace(
        "{Env: !Ref Stage, Key: !GetAtt Master.Arn, Names: 'x,y'}", "!Transform {Name: M}"
    )
    project = loaded(tmp_path, {"parent.yaml": opened, "child.yaml": CHILD})
    assert len(resource(project, "Data.Alarm").guards) == 1


def test_a_stack_under_a_condition_hands_it_to_its_resources(tmp_path: Path) -> None:
    parent = PARENT.replace("Data:\n", "Data:\n        Condition: Prod\n")
    project = loaded(tmp_path, {"parent.yaml": parent, "child.yaml": CHILD})
    assert [guard.condition.text for guard in resource(project, "Data.Alarm").guards] == [
        "Prod",
        "Data.IsProd",
    ]
    gone = loaded(tmp_path, {"parent.yaml": parent, "child.yaml": CHILD}, Stage="dev")
    assert [each.address for each in gone.resources] == ["Master", "User"]


def test_two_stacks_of_one_template_are_distinguished(tmp_path: Path) -> None:
    child = "Parameters: {P: {Type: String}}\nResources: {R: {Type: AWS::A::B, Properties: {P: !Ref P}}}\n"
    parent = (
        calling("child.yaml")
        + "  T:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: child.yaml}\n"
    )
    project = loaded(tmp_path, {"parent.yaml": parent, "child.yaml": child})
    values = [resource(project, name).properties.entries["P"].value for name in ("S.R", "T.R")]
    first, second = values
    assert isinstance(first, Unknown)
    assert isinstance(second, Unknown)
    assert first.reason == "parameter S.P has no default"
    assert first.identity != second.identity


def test_outputs_of_one_stack_are_inputs_of_another(tmp_path: Path) -> None:
    parent = """
        Resources:
          B:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: b.yaml, Parameters: {In: !GetAtt A.Outputs.Out}}
          A:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: a.yaml}
    """
    project = loaded(
        tmp_path,
        {
            "parent.yaml": parent,
            "a.yaml": "Resources: {X: {Type: AWS::S3::Bucket}}\nOutputs: {Out: {Value: !Ref X}}\n",
            "b.yaml": "Parameters: {In: {Type: String}}\n"
            "Resources: {Y: {Type: AWS::A::B, Properties: {P: !Ref In}}}\n",
        },
    )
    assert plain(resource(project, "B.Y").properties) == {"P": "<A.X>"}


def test_a_name_may_come_from_an_output(tmp_path: Path) -> None:
    parent = calling("a.yaml") + (
        "  T:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !GetAtt S.Outputs.Name}\n"
        "  U:\n    Type: AWS::A::B\n    Properties: {Name: !Ref T}\n"
    )
    child = "Resources: {R: {Type: AWS::A::B}}\nOutputs: {Name: {Value: data}}\n"
    project = loaded(tmp_path, {"parent.yaml": parent, "a.yaml": child})
    value = resource(project, "U").properties.entries["Name"].value
    assert isinstance(value, Reference)
    assert value.known == "data"


def test_stacks_that_need_each_other_s_outputs_do_not_hang(tmp_path: Path) -> None:
    parent = """
        Resources:
          A:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: c.yaml, Parameters: {In: !GetAtt B.Outputs.Out}}
          B:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: c.yaml, Parameters: {In: !GetAtt A.Outputs.Out}}
    """
    child = "Parameters: {In: {Type: String}}\nResources: {}\nOutputs: {Out: {Value: !Ref In}}\n"
    project = loaded(tmp_path, {"parent.yaml": parent, "c.yaml": child})
    assert [each.address for each in project.resources] == ["A", "B"]


def test_a_stack_that_contains_itself_is_reported(tmp_path: Path) -> None:
    project = loaded(tmp_path, {"parent.yaml": calling("b.yaml"), "b.yaml": calling("parent.yaml")})
    (problem,) = project.problems
    assert problem.message.startswith("the stack S contains itself: ")
    assert problem.message.endswith("parent.yaml")
    assert Path(problem.path).name == "b.yaml"
    assert problem.fatal
    assert len(project.gaps) == 1


def test_nesting_is_limited(tmp_path: Path) -> None:
    files = {f"t{n}.yaml": calling(f"t{n + 1}.yaml") for n in range(NESTING_LIMIT + 3)}
    project = loaded(tmp_path, {"parent.yaml": calling("t0.yaml"), **files})
    assert [problem.message for problem in project.problems] == [
        f"stacks are nested deeper than {NESTING_LIMIT}"
    ]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("none.yaml", "none.yaml does not exist"),
        ("https://s3.amazonaws.com/b/x.yaml", "its template is at https://s3.amazonaws.com/b/x.yaml"),
        ("!Sub 'https://${B}/x'", "B is neither a parameter nor a resource"),
        ("../outside.yaml", "../outside.yaml is outside of "),
        ("link.yaml", "link.yaml is outside of "),
        ("/etc/passwd", "/etc/passwd is outside of "),
        (".", ". does not exist"),
    ],
)
def test_what_cannot_be_expanded_is_a_gap_with_a_reason(tmp_path: Path, url: str, why: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text(CHILD)
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    project = loaded(folder, {"parent.yaml": calling(url)})
    (gap,) = project.gaps
    assert gap.what.startswith(f"nested stack S ({why}")
    assert [each.address for each in project.resources] == ["S"]
    assert not any(each.fatal for each in project.problems)


CUSTOM = "Conditions: {Custom: !Equals [!Ref Bucket, '']}\nParameters: {Bucket: {Type: String}}\n"


@pytest.mark.parametrize(
    "url",
    [
        "!If [Custom, 'https://a.s3.amazonaws.com/child.yaml', !Sub 'https://${Bucket}.s3.amazonaws.com/child.yaml']",
        "!If [Custom, child.yaml, !Join ['/', [!Ref Bucket, child.yaml]]]",
        "!Sub ['https://${B}/child.yaml', {B: !If [Custom, !Ref Bucket, !Ref AWS::Region]}]",
        "!Join ['', [!Ref Bucket, /child, .yaml]]",
        "!FindInMap [Urls, !Ref AWS::Region, Url]",
    ],
)
def test_an_address_is_the_file_that_all_its_alternatives_name(tmp_path: Path, url: str) -> None:
    child = "Resources: {R: {Type: AWS::A::B}}\n"
    urls = "Mappings: {Urls: {a-1: {Url: 'https://one/child.yaml'}, b-1: {Url: 'https://two/child.yaml'}}}\n"
    files = {"parent.yaml": CUSTOM + urls + calling(url), "child.yaml": child}
    write(tmp_path, files)
    project = load(tmp_path / "parent.yaml", LoadOptions(root=tmp_path))
    assert [each.address for each in project.resources] == ["S", "S.R"]
    assert not project.gaps


def test_an_address_that_may_be_one_of_several_files_is_a_gap(tmp_path: Path) -> None:
    child = "Resources: {R: {Type: AWS::A::B}}\n"
    text = CUSTOM + calling("!If [Custom, a.yaml, b.yaml]")
    project = loaded(tmp_path, {"parent.yaml": text, "a.yaml": child, "b.yaml": child})
    assert [each.what for each in project.gaps] == ["nested stack S (its TemplateURL is one of 2 files)"]


def test_a_folder_above_is_read_when_the_root_allows_it(tmp_path: Path) -> None:
    child = "Resources: {R: {Type: AWS::A::B}}\n"
    files = {"stacks/parent.yaml": calling("../shared/child.yaml"), "shared/child.yaml": child}
    write(tmp_path, files)
    project = load(tmp_path / "stacks" / "parent.yaml", LoadOptions(root=tmp_path))
    assert [each.address for each in project.resources] == ["S", "S.R"]


def test_a_broken_nested_template_is_a_problem_of_its_own_file(tmp_path: Path) -> None:
    project = loaded(tmp_path, {"parent.yaml": calling("child.yaml"), "child.yaml": "a: [\n"})
    (problem,) = project.problems
    assert Path(problem.path).name == "child.yaml"
    assert problem.fatal
    assert len(project.gaps) == 1


def test_a_packaged_template_is_found_by_the_hash_of_its_content(tmp_path: Path) -> None:
    name = "0123456789abcdef0123456789abcdef.template"
    url = f"https://s3.eu-west-1.amazonaws.com/artifacts/{name}"
    files = {"parent.yaml": calling(url), name: "Resources: {R: {Type: AWS::A::B}}\n"}
    assert [each.address for each in loaded(tmp_path, files).resources] == ["S", "S.R"]


def test_the_file_of_a_cdk_nested_stack_is_found_by_its_metadata(tmp_path: Path) -> None:
    metadata = "    Metadata: {aws:asset:path: n.nested.template.json, aws:asset:property: TemplateURL}\n"
    files = {
        "parent.yaml": calling("!Sub 'https://${AWS::Region}/x.json'", metadata),
        "n.nested.template.json": '{"Resources": {"R": {"Type": "AWS::A::B"}}}',
    }
    assert [each.address for each in loaded(tmp_path, files).resources] == ["S", "S.R"]


def test_hidden_parameters_stay_secret_in_nested_stacks(tmp_path: Path) -> None:
    child = """
        Parameters: {P: {Type: String, NoEcho: true}, Q: {Type: String, NoEcho: true}}
        Resources: {R: {Type: AWS::A::B, Properties: {P: !Ref P, Q: !Ref Q}}}
    """
    parent = calling("child.yaml").replace(
        "child.yaml}", "child.yaml, Parameters: {P: plain, Q: !Ref AWS::StackName}}"
    )
    found = resource(loaded(tmp_path, {"parent.yaml": parent, "child.yaml": child}), "S.R").properties.entries
    for name in "PQ":
        value = found[name].value
        assert isinstance(value, Unknown)
        assert value.secret


@pytest.mark.parametrize(
    ("beside", "noticed"),
    [("", True), ("  Data: {Type: 'AWS::S3::Bucket'}\n", False)],
    ids=["alone", "beside"],
)
def test_a_template_of_unread_stacks_alone_has_a_notice(beside: str, noticed: bool) -> None:
    url = "https://s3.amazonaws.com/acme-templates/studio.yaml"
    head = "Resources:\n  Studio:\n    Type: AWS::CloudFormation::Stack\n"
    text = f"{head}    Properties: {{TemplateURL: {url}}}\n"
    project = load(Path("t.yaml"), LoadOptions(), text + beside)
    messages = [each.message for each in project.problems if not each.fatal]
    assert any("nothing is checked here" in each and "Studio" in each for each in messages) is noticed


INNER = """
    Parameters:
      Env: {Type: String}
      Key: {Type: String, NoEcho: true}
    Conditions: {Live: !Equals [!Ref Env, live]}
    Resources:
      Alarm: {Type: AWS::CloudWatch::Alarm, Condition: Live, Properties: {X: !Ref Key}}
"""
OUTER = """
    Parameters:
      Stage: {Type: String, Default: test}
      Word: {Type: String, NoEcho: true, Default: winter}
    Resources:
      Data:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: inner.yaml, Parameters: {Env: !Ref Stage, Key: !Ref Word}}
"""


def test_defaults_of_a_parent_stack_are_those_of_a_nested_one(tmp_path: Path) -> None:
    files = {"parent.yaml": OUTER, "inner.yaml": INNER}
    alarm = resource(loaded(tmp_path, files), "Data.Alarm")
    assert [guard.condition.default for guard in alarm.guards] == [False]
    written = alarm.properties.entries["X"].value
    assert (plain(written), written.assumed) == ("winter", frozenset({"the default of Word"}))
    given = resource(loaded(tmp_path, files, Word="summer"), "Data.Alarm").properties.entries["X"].value
    assert reason(given) == "parameter Word is hidden (NoEcho)"
    files["parent.yaml"] = OUTER.replace(", NoEcho: true", "")
    shown = resource(loaded(tmp_path, files, Word="summer"), "Data.Alarm").properties.entries["X"].value
    assert reason(shown) == "parameter Data.Key is hidden (NoEcho)"


@pytest.mark.parametrize(
    ("address", "trail", "bucket"),
    [
        ("https://assets.s3.amazonaws.com/submodules/quickstart-aws-vpc/templates/aws-vpc.yaml", True, True),
        (
            "https://assets.s3.amazonaws.com/submodules/quickstart-amazon-redshift/templates/r.yaml",
            True,
            False,
        ),
        ("https://assets.s3.amazonaws.com/submodules/quickstart-other/templates/other.yaml", False, False),
        ("!Sub 'https://${B}.s3.amazonaws.com/a/quickstart-aws-vpc/templates/aws-vpc.yaml'", True, True),
        ("!If [C, 'https://a/quickstart-aws-vpc/templates/v.yaml', 'https://a/x.yaml']", False, False),
    ],
)
def test_a_quick_start_that_is_not_there_declares_no_trail(address: str, trail: bool, bucket: bool) -> None:
    project = project_of(
        f"""
        Parameters: {{B: {{Type: String}}}}
        Conditions: {{C: !Equals [!Ref B, b]}}
        Resources: {{Network: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {address}}}}}}}
        """
    )
    (gap,) = project.gaps
    assert "AWS::CloudTrail::Trail".startswith(gap.never) is trail
    assert "AWS::S3::Bucket".startswith(gap.never) is bucket
