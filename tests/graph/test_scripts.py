"""Lifecycle scripts: whether they bring code from a repository."""

import textwrap

import pytest

from mlwa_lint.graph.kinds import NOTEBOOK
from mlwa_lint.graph.queries.scripts import fetches_repository
from mlwa_lint.model.answers import certainly
from tests.support.graphs import graph_of_template

TEMPLATE = """\
Resources:
  Setup:
    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig
    Properties:
      OnStart:
        - Content:
            Fn::Base64: |
{script}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {{LifecycleConfigName: !GetAtt Setup.NotebookInstanceLifecycleConfigName}}
"""


def clones(script: str) -> bool:
    text = TEMPLATE.format(script=textwrap.indent(f"#!/bin/bash\n{script}", " " * 14))
    graph = graph_of_template(text)
    (notebook,) = graph.of_type(NOTEBOOK)
    return certainly(fetches_repository(notebook, graph))


@pytest.mark.parametrize(
    "script",
    [
        "git clone https://git.example.com/a.git",
        'sudo -u ec2-user sh -c "cd SageMaker && git clone https://git.example.com/a.git"',
        "echo start; git -C SageMaker/a pull",
        "[ -d a ] || retry 3 git clone https://git.example.com/a.git",
        'echo "$(git clone https://git.example.com/a.git)"',
        'echo "git clone https://git.example.com/a.git" >> run.sh',
        'echo "git clone https://git.example.com/a.git" | sudo -u ec2-user bash',
        'echo "clone $1" # now\ngit clone "$1"',
        "sed -i 's/ # //' a.sh && git clone 'https://git.example.com/a.git'",
        "echo 'not closed\ngit clone https://git.example.com/a.git",
    ],
)
def test_a_script_that_runs_git_brings_code(script: str) -> None:
    assert clones(script)


@pytest.mark.parametrize(
    "script",
    [
        "# git clone https://git.example.com/a.git",
        "pip install x  # then git clone",
        "echo run git clone by hand",
        'sudo echo "run git clone; or not"',
        "printf '%s\\n' 'git clone a' > /dev/null",
        'if true; then echo "git pull" >&2; fi',
        "cd a && logger 'git fetch failed' || true",
        'echo "one \\" git clone a"',
    ],
)
def test_a_script_that_only_names_git_brings_none(script: str) -> None:
    assert not clones(script)
