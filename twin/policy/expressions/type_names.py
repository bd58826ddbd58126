"""Type syntax to types: `List<string>`, `System.Int32[]`, `int?`."""

from collections.abc import Callable

from tree_sitter import Node

from . import types as t
from .definitions import FORBIDDEN, NOT_YET

Error = Callable[[Node, str], Exception]

_ARITY = {
    "List": (1,),
    "IList": (1,),
    "IEnumerable": (1,),
    "ICollection": (1,),
    "IReadOnlyCollection": (1,),
    "IReadOnlyList": (1,),
    "HashSet": (1,),
    "ISet": (1,),
    "Queue": (1,),
    "Stack": (1,),
    "Dictionary": (2,),
    "IDictionary": (2,),
    "IReadOnlyDictionary": (2,),
    "KeyValuePair": (2,),
    "IGrouping": (2,),
    "ILookup": (2,),
    "IOrderedEnumerable": (1,),
    "Func": tuple(range(1, 10)),
    "Action": tuple(range(9)),
    "Predicate": (1,),
    "Comparison": (1,),
    "Tuple": tuple(range(8)),
    "Nullable": (0, 1),
}


def type_of_node(node: Node, error: Error) -> t.Type:
    """The type that a node names; raises what `error` makes of the complaint."""
    match node.type:
        case "array_type":
            rank = node.child_by_field_name("rank")
            if rank is not None and any(child.type == "," for child in rank.children):
                raise error(node, "Arrays of several dimensions are not supported in policy expressions by the twin")
            return t.array(type_of_node(_field(node, "type"), error))
        case "nullable_type":
            inner = type_of_node(_field(node, "type"), error)
            if not t.is_value_type(inner) or inner.name == "?":
                raise error(node, f"The type '{inner}' must be a non-nullable value type to be used with '?'")
            return t.nullable(inner)
        case "generic_name":
            name, arguments = node.named_children[0], node.named_children[1]
            args = [type_of_node(child, error) for child in arguments.named_children]
            return _named(_text(name), args, node, error)
        case "qualified_name":
            return _qualified(node, error)
        case "predefined_type" | "identifier":
            return _named(_text(node), [], node, error)
    raise error(node, f"'{node.type.replace('_', ' ')}' is not supported in policy expressions by the twin")


def _qualified(node: Node, error: Error) -> t.Type:
    last = _field(node, "name")
    if last.type == "generic_name":
        prefix = _text(_field(node, "qualifier"))
        args = [type_of_node(child, error) for child in last.named_children[1].named_children]
        return _named(f"{prefix}.{_text(last.named_children[0])}", args, node, error)
    return _named(_text(node), [], node, error)


def _named(name: str, args: list[t.Type], node: Node, error: Error) -> t.Type:
    short = t.short_name(name)
    if short is None:
        raise error(node, unknown_type(name))
    if short == "Nullable" and args:
        return t.nullable(args[0])
    if len(args) not in _ARITY.get(short, (0,)):
        allowed = _ARITY.get(short, (0,))
        raise error(node, f"Using the type '{short}' requires {allowed[0]} type arguments")
    return t.make(short, *args)


def unknown_type(name: str) -> str:
    """Why a name is no type here: not allowed in Azure, not known to the twin, or not there at all."""
    last = name.rpartition(".")[2]
    if last in FORBIDDEN and name in (last, FORBIDDEN[last]):
        return f"Usage of type '{FORBIDDEN[last]}' is not supported within expressions"
    if last in NOT_YET:
        return f"The type '{last}' is not supported in policy expressions by the twin yet"
    if "." in name:
        return f"Usage of type '{name}' is not supported within expressions"
    return (
        f"The type or namespace name '{name}' could not be found "
        "(are you missing a using directive or an assembly reference?)"
    )


def is_known(name: str) -> bool:
    """Whether a name stands for some type, allowed or not."""
    last = name.rpartition(".")[2]
    return t.short_name(name) is not None or last in FORBIDDEN or last in NOT_YET


def _text(node: Node) -> str:
    return "".join((node.text or b"").decode("utf-8", "replace").split())


def _field(node: Node, name: str) -> Node:
    child = node.child_by_field_name(name)
    assert child is not None, f"{node.type} without {name}"
    return child
