"""What a project is for, by its path."""

import pytest

from mlwa_lint.model.purpose import Purpose, is_named_for_learning, purpose_of

EXAMPLES = (
    *("demo", "demos", "example", "examples", "playground", "poc", "sample", "samples"),
    *("tutorial", "tutorials", "workshop", "workshops"),
)
ENVIRONMENTS = ("env", "envs", "environment", "environments", "live", "parameters", "stage", "stages")


@pytest.mark.parametrize("word", EXAMPLES)
def test_folders_and_templates_named_like_examples_are_examples(word: str) -> None:
    for root in (
        f"{word}/stack.yaml",
        f"06-{word}/stack.yaml",
        f"{word.upper()}/a",
        f"a/{word}",
        f"a/train-{word}.yaml",
    ):
        assert purpose_of(root, reusable=True) == "example"
    if not is_named_for_learning(word):
        assert purpose_of(f"{word}-archive/stack.yaml", reusable=False) == "deployed"
    assert purpose_of(f"{word}x/stack.yaml", reusable=False) == "deployed"


def test_numbered_labs_are_examples() -> None:
    assert purpose_of("guide/lab_2_emr/stack.yaml", reusable=False) == "example"
    assert purpose_of("lab1/main", reusable=False) == "example"
    assert purpose_of("labels/stack.yaml", reusable=False) == "deployed"
    assert purpose_of("lab.yaml", reusable=False) == "deployed"
    assert purpose_of("acme-labs/stack.yaml", reusable=False) == "deployed"


@pytest.mark.parametrize(
    "name",
    [
        *("WorkshopDomain", "workshop-notebook", "ml_workshop_role", "MLOpsWorkshop2024", "tutorial"),
        *("Hands-on ML with SageMaker", "hands_on", "Immersion Day", "immersion-day-vpc", "HandsOnRole"),
        *("SageMaker Bootcamp", "hackathon-team-3", "walkthrough", "codelabs", "Codelab"),
        *("CloudGoat", "sage-goat", "capture-the-flag", "intentionally-vulnerable"),
        *(
            "DiplomaProject",
            "acme__FinalProject",
            "bachelor-thesis",
            "diplomna-rabota",
            "ml-capstone-project",
        ),
    ],
)
def test_names_for_learning(name: str) -> None:
    assert is_named_for_learning(name)
    assert purpose_of(f"{name}/stack.yaml", reusable=False) == "example"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "labels",
            "LabelingJob",
            "label-studio",
            "collaboration",
            "CollabDomain",
            "elaborate",
            "laboratory",
        ),
        *("diploma-checker", "final-model", "FinalProjection", "master-project", "thesis-search", "masters"),
        *("lab", "LabResults", "acme-labs", "workshopping", "hands", "hand-on", "immersion", "day-ahead"),
        *("training", "TrainingJob", "course-catalog", "learning", "LearningRate", "shop-work", ""),
    ],
)
def test_names_that_are_not_for_learning(name: str) -> None:
    assert not is_named_for_learning(name)


@pytest.mark.parametrize("folder", ["lab", "labs", "lab3", "Lab-2-endpoint", "a/labs/b"])
def test_folders_of_labs_are_examples(folder: str) -> None:
    assert purpose_of(f"{folder}/stack.yaml", reusable=False) == "example"


@pytest.mark.parametrize("word", ["demo", "demos", "poc", "sample", "samples"])
def test_the_name_of_a_folder_that_may_be_a_repository_marks_nothing(word: str) -> None:
    for root in (f"claims-{word}/infra/stack.yaml", f"claims_{word}", f"aws-agent-{word}/main"):
        assert purpose_of(root, reusable=False) == "deployed"
        assert purpose_of(root, reusable=False, teaches=True) == "example"
    assert purpose_of(f"infra/claims-{word}/stack.yaml", reusable=False) == "example"
    assert purpose_of(f"01-{word}/stack.yaml", reusable=False) == "example"


@pytest.mark.parametrize("word", ["tests", "testing", "e2e"])
def test_folders_named_like_tests_hold_tests(word: str) -> None:
    assert purpose_of(f"{word}/stack.yaml", reusable=False) == "test"
    assert purpose_of(f"a/{word}", reusable=True) == "test"
    assert purpose_of(f"a/{word}.yaml", reusable=False) == "deployed"


@pytest.mark.parametrize("parent", ENVIRONMENTS)
@pytest.mark.parametrize("word", ["dev", "development", "qa", "sandbox"])
def test_environments_of_developers_lie_below_those_of_all(parent: str, word: str) -> None:
    assert purpose_of(f"{parent}/{word}/stack.yaml", reusable=False) == "development"
    assert purpose_of(f"{parent}/{word}", reusable=True) == "development"
    assert purpose_of(f"{parent}/eu/{word}", reusable=False) == "deployed"


@pytest.mark.parametrize(
    ("root", "reusable", "purpose"),
    [
        ("stack-dev.yaml", False, "development"),
        ("dev/stack.yaml", False, "deployed"),
        ("dev/stack.yaml", True, "module"),
        ("infra", True, "module"),
        ("infra", False, "deployed"),
        (".", False, "deployed"),
        ("environments/dev.yaml", False, "development"),
        ("Examples\\train\\stack.yaml", False, "example"),
        ("/home/examples/stack.yaml", False, "deployed"),
        ("/home/me/train-example.yaml", False, "example"),
        ("../examples/stack.yaml", False, "deployed"),
        ("c:/examples/stack.yaml", False, "deployed"),
        ("C:\\examples\\stack.yaml", False, "deployed"),
        ("examples/tests/stack.yaml", False, "example"),
        ("tests/env/dev", False, "test"),
    ],
)
def test_purpose_of_a_place(root: str, reusable: bool, purpose: Purpose) -> None:
    assert purpose_of(root, reusable) == purpose
