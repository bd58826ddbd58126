import pytest

from tests.support.expressions import call
from twin.policy.expressions import compile_expression
from twin.policy.expressions.members.randomness import Seeded


def test_a_seed_gives_the_numbers_that_it_gives_in_dotnet():
    source = Seeded(42)
    assert [source.sample() for _ in range(3)] == [1434747710, 302596119, 269548474]


def test_without_a_seed_chance_comes_from_the_call():
    draw = compile_expression("@(new Random().Next(10, 20))")
    assert [draw.run(call()) for _ in range(3)] == [draw.run(call())] * 3
    one = call()
    drawn = {draw.run(one) for _ in range(200)}
    assert drawn == set(range(10, 20))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00000000-0000-0000-0000-000000000000", 0),
        ("00000001-0000-0000-0000-000000000000", 1),
        ("00000000-0001-0002-0000-000000000000", 0x10002),
        ("00000000-0000-0000-ffff-01ffffffff02", 0x1000002),
        ("ffffffff-0000-0000-0000-000000000000", -1),
        ("12345678-9abc-def0-1234-56789abcdef0", (0x12345678 ^ 0x9ABCDEF0 ^ 0x560000F0) - (1 << 32)),
    ],
)
def test_the_hash_of_a_guid_is_made_of_its_parts(text: str, expected: int):
    assert compile_expression(f'@(Guid.Parse("{text}").GetHashCode())').run(call()) == expected


def test_a_new_guid_is_of_version_four():
    text = compile_expression("@(Guid.NewGuid().ToString())").run(call())
    assert (len(text), text[14], text[19] in "89ab") == (36, "4", True)
