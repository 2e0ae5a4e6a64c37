import subprocess
import sys
from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import LoadOptions

COUNT = 800


def large_template() -> str:
    lines = ["Parameters:"]
    for n in range(60):
        lines += [f"  P{n}:", "    Type: String", f"    Default: v{n}"]
    lines += ["Conditions:"]
    for n in range(60):
        lines += [f"  C{n}: !Equals [!Ref P{n}, v{n}]"]
        lines += [f"  D{n}: !And [!Condition C{n}, !Not [!Condition C{(n + 1) % 60}]]"]
    lines += ["Mappings:", "  M:"]
    for n in range(100):
        lines += [f"    k{n}:", f"      a: x{n}"]
    lines += ["Resources:"]
    for n in range(COUNT):
        lines += [
            f"  R{n}:",
            "    Type: AWS::SageMaker::EndpointConfig",
            f"    Condition: D{n % 60}",
            "    Properties:",
            f"      EndpointConfigName: !Sub 'e-${{P{n % 60}}}-{n}'",
            f"      KmsKeyId: !If [C{n % 60}, !Ref P1, !Ref AWS::NoValue]",
            "      Tags: [{Key: a, Value: !FindInMap [M, k1, a]}]",
            "      ProductionVariants:",
            f"        - ModelName: !GetAtt R{(n + 1) % COUNT}.EndpointConfigName",
        ]
    return "\n".join(lines)


def test_seven_thousand_lines_with_800_resources_are_understood() -> None:
    text = large_template()
    assert text.count("\n") > 7000
    project = load(Path("large.yaml"), LoadOptions(), text)
    assert len(project.resources) == COUNT
    assert not project.problems


def test_the_front_end_brings_no_heavy_library() -> None:
    heavy = {"boto3", "cfnlint", "click", "hcl2", "networkx", "rich", "samtranslator"}
    code = (
        f"import sys, mlwa_lint.frontends.cloudformation.stacks.project; print(*({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
