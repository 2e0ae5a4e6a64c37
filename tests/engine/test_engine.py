"""The engine: which answers become findings, under which conditions, and what a faulty rule costs."""

from collections.abc import Iterator
from pathlib import Path

from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView
from mlwa_lint.rule import NO, YES, Claim, Remedy, Rule, project_rule, rule
from mlwa_lint.run.evaluation import check_project

BUCKET = "AWS::S3::Bucket"
REMEDY = Remedy("Fix it.", "Fix it there.")


def bucket_rule(*on: str) -> Rule:
    @rule("TSO001", "bucket-without-name", "low", practices=(), on=on, remedy=REMEDY)
    def check(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """A bucket has no name."""
        yield Claim(bucket["BucketName"].is_absent(), bucket, f"{bucket} has no name")

    return check


def outcome(template: str, *rules: Rule) -> Outcome:
    project = load(Path("t.yaml"), LoadOptions(), template)
    assert not any(problem.fatal for problem in project.problems)
    return check_project(project, rules)


def template(name: str, more: str = "") -> str:
    return f"{more}\nResources:\n  B:\n    Type: {BUCKET}\n    Properties:\n      BucketName: {name}\n"


def test_yes_becomes_a_finding_with_all_that_reports_need() -> None:
    (found,) = outcome(f"Resources:\n  B:\n    Type: {BUCKET}\n", bucket_rule(BUCKET)).findings
    assert (found.code, found.name, found.severity) == (
        "TSO001",
        "bucket-without-name",
        "low",
    )
    assert found.message == "Bucket B has no name"
    assert (found.span.line, found.span.column) == (2, 3)
    assert (found.address, found.resource_type) == ("B", BUCKET)
    assert found.remedy == "Fix it."
    assert found.condition is None


def test_a_claim_answered_no_gives_no_finding() -> None:
    result = outcome(template("x"), bucket_rule(BUCKET))
    assert (result.findings, result.undecided) == ((), ())


def test_undecided_is_counted_with_its_reason() -> None:
    parameters = "Parameters: {Name: {Type: String}}"
    result = outcome(template("!Ref Name", parameters), bucket_rule(BUCKET))
    assert result.findings == ()
    (open_one,) = result.undecided
    assert open_one.reasons == ("parameter Name has no default",)


def test_a_resource_with_a_finding_is_not_also_undecided() -> None:
    @rule("TSO002", "bucket-without-both", "low", practices=(), on=(BUCKET,), remedy=REMEDY)
    def check(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """A bucket lacks something."""
        for path in ("BucketName", "AccessControl"):
            yield Claim(bucket[path].is_absent(), bucket[path], f"{bucket} lacks {path}")

    named = template("!Ref Name", "Parameters: {Name: {Type: String}}")
    result = outcome(named, check)
    assert [each.message for each in result.findings] == ["Bucket B lacks AccessControl"]
    assert [each.failed for each in result.undecided] == [True]
    assert [(each.passed, each.failed, each.undecided) for each in result.checked] == [(0, 1, 0)]


def test_what_is_found_from_another_resource_counts_for_the_one_that_it_is_about() -> None:
    @rule("TSO003", "bucket-like-another", "low", practices=(), on=(BUCKET,), remedy=REMEDY)
    def check(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """A bucket is looked at from another one."""
        if bucket.address == "A":
            for other in graph.of_type(BUCKET):
                yield Claim(YES if other.address == "B" else NO, other, f"{other} is a bucket")
        else:
            yield Claim(bucket["BucketName"].is_absent(), bucket, f"{bucket} has no name")

    named = template("!Ref Name", "Parameters: {Name: {Type: String}}")
    result = outcome(f"{named}  A: {{Type: {BUCKET}}}\n", check)
    assert [each.address for each in result.findings] == ["B"]
    assert [(each.address, each.failed) for each in result.undecided] == [("B", True)]
    assert [(each.passed, each.failed, each.undecided) for each in result.checked] == [(0, 2, 0)]


def test_a_finding_names_the_default_that_it_rests_on() -> None:
    parameters = 'Parameters: {Name: {Type: String, Default: ""}}'
    (found,) = outcome(template("!Ref Name", parameters), bucket_rule(BUCKET)).findings
    assert found.condition == "assuming the default of Name"


CONDITIONAL = """
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {IsProd: !Equals [!Ref Stage, prod], IsDev: !Not [!Condition IsProd]}
"""


def test_a_finding_names_the_condition_under_which_it_holds() -> None:
    text = template("!If [IsProd, named, !Ref AWS::NoValue]", CONDITIONAL)
    (found,) = outcome(text, bucket_rule(BUCKET)).findings
    assert found.condition == "when IsProd is false, which is the default"


def test_a_finding_that_holds_under_every_condition_names_none() -> None:
    text = template("!If [IsProd, !Ref AWS::NoValue, !Ref AWS::NoValue]", CONDITIONAL)
    (found,) = outcome(text, bucket_rule(BUCKET)).findings
    assert found.condition is None


def test_combinations_that_cannot_occur_give_nothing() -> None:
    text = template("!If [IsProd, a, !If [IsDev, b, !Ref AWS::NoValue]]", CONDITIONAL)
    result = outcome(text, bucket_rule(BUCKET))
    assert (result.findings, result.undecided) == ((), ())


def test_a_resource_under_a_condition_that_never_holds_does_not_exist() -> None:
    text = f"""
Conditions: {{Never: !Equals [a, b]}}
Resources:
  B:
    Type: {BUCKET}
    Condition: Never
"""
    result = outcome(text, bucket_rule(BUCKET))
    assert (result.findings, result.resources) == ((), 0)


def test_a_pattern_selects_types_by_their_beginning() -> None:
    text = f"Resources:\n  B:\n    Type: {BUCKET}\n  T:\n    Type: AWS::SNS::Topic\n"
    assert [f.address for f in outcome(text, bucket_rule("AWS::S3::*")).findings] == ["B"]
    assert [f.address for f in outcome(text, bucket_rule("AWS::S3::*", BUCKET)).findings] == ["B"]


def project_wide(*on: str) -> Rule:
    @project_rule("TSO002", "no-topic", "info", practices=(), on=on, remedy=REMEDY)
    def check(graph: GraphView) -> Iterator[Claim]:
        """There is no topic."""
        anchor = graph.of_type(BUCKET)[0]
        yield Claim(~graph.declared("AWS::SNS::Topic").exist(), anchor, "no one is notified")

    return check


def test_a_project_rule_runs_once_if_its_types_occur() -> None:
    text = f"Resources:\n  A:\n    Type: {BUCKET}\n  B:\n    Type: {BUCKET}\n"
    assert len(outcome(text, project_wide(BUCKET)).findings) == 1
    assert outcome(text, project_wide("AWS::SQS::Queue")).findings == ()


def test_what_a_macro_may_add_makes_absence_undecided() -> None:
    text = f"Transform: TheirMacro\nResources:\n  A:\n    Type: {BUCKET}\n"
    result = outcome(text, project_wide(BUCKET))
    assert result.findings == ()
    assert result.undecided[0].reasons == ("macro TheirMacro could not be analysed",)


def test_a_faulty_rule_is_reported_and_hides_nothing() -> None:
    @rule("TSO003", "broken", "low", practices=(), on=(BUCKET,), remedy=REMEDY)
    def broken(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """It breaks."""
        yield Claim(bucket["X"].is_absent(), bucket, "never seen")
        raise ValueError("a bug")

    text = f"Resources:\n  B:\n    Type: {BUCKET}\n"
    result = outcome(text, broken, bucket_rule(BUCKET))
    assert [f.code for f in result.findings] == ["TSO001"]
    assert [(e.code, e.path, e.message) for e in result.errors] == [("TSO003", "t.yaml", "ValueError: a bug")]


def test_a_claim_may_bring_a_remedy_that_fits_better_than_the_rules_own() -> None:
    @rule("TSO003", "bucket-anyhow", "low", practices=(), on=(BUCKET,), remedy=REMEDY)
    def check(bucket: ResourceView, graph: GraphView) -> Iterator[Claim]:
        """A bucket."""
        yield Claim(YES, bucket, "is wrong", remedy=Remedy("Do this here.", "Do that there."))

    (found,) = outcome(f"Resources:\n  B:\n    Type: {BUCKET}\n", check).findings
    assert found.remedy == "Do this here."


def test_a_project_rule_runs_in_its_languages_alone() -> None:
    @project_rule(
        "TSO003", "no-topic", "info", practices=(), on=(BUCKET,), remedy=REMEDY, languages=("terraform",)
    )
    def never(graph: GraphView) -> Iterator[Claim]:
        """It is left undecided."""
        graph.leave_undecided(["why"])
        yield from ()

    text = f"Resources:\n  B:\n    Type: {BUCKET}\n"
    assert outcome(text, never).undecided == ()
