import pytest

from twin.policy.expressions import types as t
from twin.policy.expressions.members.signature import Ambient, Attribute, Special, Typed, member, members


def test_a_signature_says_what_kind_of_member_it_is():
    for signature, kind, static in (
        ("int String.Length", "property", False),
        ("static DateTime DateTime.UtcNow", "property", True),
        ("bool String.Contains(string! value)", "method", False),
        ("new Random(int Seed)", "new", False),
        ("char String[int index]", "index", False),
    ):
        found = member(signature, lambda: None)
        assert (found.kind, found.static) == (kind, static), signature


def test_parameters_tell_defaults_null_and_direction():
    found = member("static bool Int32.TryParse(string! s, out int result, bool x = false)", lambda: None)
    assert [(p.name, p.type, p.out, p.refuses_null, p.optional) for p in found.parameters] == [
        ("s", t.STRING, False, True, False),
        ("result", t.INT, True, False, False),
        ("x", t.BOOL, False, False, True),
    ]
    loose = member("string String.Trim(params char[] trimChars)", lambda: None)
    assert [(p.rest, str(p.type)) for p in loose.parameters] == [(True, "char[]")]


def test_generics_and_wrappings_are_kept():
    found = member("T IMessageBody.As<T>(bool preserveContent = false)", Ambient(len))
    assert (found.generics, found.ambient, found.typed, found.function) == (("T",), True, False, len)
    assert member("T IMessageBody.As<T>()", Typed(len)).typed
    assert member("T IMessageBody.As<T>()", Special(lambda kind: kind)).special


def test_a_result_may_be_never_null_and_an_attribute_is_read_as_one():
    found = member("IUrl! IRequest.Url", Attribute("imag"))
    assert (str(found.returns), found.never_null, found.attribute, found.function(2j)) == ("IUrl", True, "imag", 2.0)
    plain = member("IUrl IRequest.Url", len)
    assert (str(plain.returns), plain.never_null, plain.attribute, plain.function) == ("IUrl", False, "", len)


def test_one_entry_may_declare_several():
    assert [m.name for m in members({"int A.B\nint A.C(Dictionary<string, int> d)": len})] == ["B", "C"]


def test_what_is_no_signature_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="not a signature"):
        member("nonsense", len)
