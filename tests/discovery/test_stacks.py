import pytest

from mlwa_lint.discovery.stacks import relations_in


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Export: {Name: net-vpc}", {"net-vpc"}),
        ("Export:\n  Name: !Sub '${AWS::StackName}-VpcId'\n", {"*-VpcId"}),
        ('Export:\n  Name: !Sub "${A}-${B}-VpcId"\n', {"*-VpcId"}),
        ('"Export": {"Name": {"Fn::Sub": "${AWS::StackName}-VpcId"}}', {"*-VpcId"}),
        ("Export:\n  Name: !Join ['-', [!Ref AWS::StackName, VpcId]]\n", {"*-VpcId"}),
        ('"Export": {"Name": {"Fn::Join": [":", [{"Ref": "AWS::StackName"}, "VpcId"]]}}', {"*:VpcId"}),
        ("Export:\n  Name: !Sub 'vpc-${AWS::StackName}'\n", set()),
        ("Export:\n  Name: !Sub '${AWS::StackName}-a'\n", set()),
    ],
)
def test_what_a_template_exports(text: str, given: set[str]) -> None:
    assert relations_in(text.encode(), "t.yaml").given == given


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("VpcId: !ImportValue net-vpc", {"net-vpc"}),
        ("VpcId: !ImportValue\n  Fn::Sub: '${Network}-VpcId'\n", {"*-VpcId"}),
        ("Fn::ImportValue: !Sub '${Network}-VpcId'\n", {"*-VpcId"}),
        ('{"Fn::ImportValue": {"Fn::Sub": "${Network}-VpcId"}}', {"*-VpcId"}),
        ('{"Fn::ImportValue": {"Fn::Join": ["-", [{"Ref": "Network"}, "VpcId"]]}}', {"*-VpcId"}),
        ("!ImportValue\n  'Fn::Join': ['-', [!Ref Network, VpcId]]\n", {"*-VpcId"}),
    ],
)
def test_what_a_template_imports(text: str, taken: set[str]) -> None:
    assert relations_in(text.encode(), "t.yaml").taken == taken
