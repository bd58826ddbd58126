from twin.policy.reader import parse
from twin.policy.references import Kind, named_values, reference_problems


def nothing(_kind: Kind, _name: str) -> bool:
    return False


def messages(content: str) -> list[str]:
    root = parse(f"<policies><inbound>\n{content}</inbound></policies>", "rawxml").root
    return [problem.message for problem in reference_problems(root, nothing)]


def test_a_backend_that_does_not_exist_is_named_as_azure_names_it():
    assert messages('\t\t<set-backend-service backend-id="idbackEnd" />') == [
        "Error in element 'set-backend-service' on line 2, column 4: Backend with id 'idbackEnd' could not be found."
    ]


def test_a_fragment_that_does_not_exist_is_named_as_azure_names_it():
    assert messages('\t\t<include-fragment fragment-id="TokenValidator" />') == [
        "Error in element 'include-fragment' on line 2, column 4: "
        "Policy fragment with id 'TokenValidator' could not be found."
    ]


def test_a_named_value_that_does_not_exist_is_named_as_azure_names_it():
    assert messages('<choose>\n      <when condition="@("{{internal-client-key}}" == "x")" /></choose>') == [
        "Error in element 'when' on line 3, column 8: Cannot find a property 'internal-client-key'"
    ]
    assert messages("\n                <set-url>{{AIGUARD-CLOUD}}/x</set-url>") == [
        "Error in element 'set-url' on line 3, column 26: Cannot find a property 'AIGUARD-CLOUD'"
    ]


def test_what_an_expression_or_a_named_value_decides_is_not_looked_up():
    root = parse(
        '<a><set-backend-service backend-id="@(x)" /><set-backend-service backend-id="a-{{b}}" /></a>', "xml"
    ).root
    assert list(reference_problems(root, lambda kind, _name: kind == "named value")) == []


def test_daprs_backend_is_no_backend():
    assert messages('<set-backend-service backend-id="dapr" dapr-app-id="x" dapr-method="y" />') == []


def test_braces_in_a_liquid_template_are_liquids_own():
    assert messages('<set-body template="liquid">{{body.name}}</set-body>') == []
    assert len(messages("<set-body>{{body.name}}</set-body>")) == 1


def test_the_kind_of_what_is_asked_for():
    asked = []
    root = parse(
        '<a><include-fragment fragment-id="f" x="{{n}}" /><set-backend-service backend-id="b" /></a>', "xml"
    ).root
    list(reference_problems(root, lambda *what: bool(asked.append(what))))
    assert asked == [("fragment", "f"), ("named value", "n"), ("backend", "b")]


def test_named_values_are_found_by_the_names_they_can_have():
    assert named_values('{{a-b.C_1}} {{ d }} {e} {{f g}} ${{"x":1}}') == ["a-b.C_1", "d"]
