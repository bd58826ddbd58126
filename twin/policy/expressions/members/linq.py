"""System.Linq.Enumerable."""

from collections.abc import Callable, Iterable
from typing import Any

from .. import types as t
from ..dictionaries import HashSet
from ..values import Array, Sequence, contains
from .aggregates import (
    aggregate,
    aggregate_from,
    all_of,
    any_of,
    average,
    contains_by,
    count,
    dictionary,
    element_at,
    element_at_or_default,
    extreme,
    first,
    first_or_default,
    last,
    last_or_default,
    or_null,
    sequence_equal,
    single,
    single_or_default,
    sum_of,
)
from .ordering import further_ordering, ordering, sort_key
from .queries import (
    Lookup,
    cast,
    concat,
    default_if_empty,
    difference,
    distinct,
    group_join,
    groups,
    intersect,
    join,
    of_type,
    or_default,
    range_of,
    repeat,
    reverse,
    select,
    select_indexed,
    select_many,
    select_many_indexed,
    select_many_pairs,
    skip,
    skip_while,
    skip_while_indexed,
    take,
    take_while,
    take_while_indexed,
    to_array,
    to_list,
    union,
    where,
    where_indexed,
    zipped,
)
from .signature import Special, Typed


def _totals() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in ("int", "long", "double", "decimal", "float"):
        kind = t.parse(name)
        mean = "double" if name in ("int", "long") else name

        def total(source: Iterable[Any], kind: t.Type = kind) -> Any:
            return sum_of(kind, source)

        def total_of(source: Iterable[Any], selector: Callable[[Any], Any], kind: t.Type = kind) -> Any:
            return sum_of(kind, map(selector, source))

        def mean_of(source: Iterable[Any], kind: t.Type = kind) -> Any:
            return average(kind, source)

        def mean_by(source: Iterable[Any], selector: Callable[[Any], Any], kind: t.Type = kind) -> Any:
            return average(kind, map(selector, source))

        table |= {
            f"{name} IEnumerable<{name}>.Sum()": total,
            f"{name} IEnumerable<T>.Sum(Func<T, {name}> selector)": total_of,
            f"{mean} IEnumerable<{name}>.Average()": mean_of,
            f"{mean} IEnumerable<T>.Average(Func<T, {name}> selector)": mean_by,
            f"{name}? IEnumerable<{name}?>.Sum()": total,
            f"{name}? IEnumerable<T>.Sum(Func<T, {name}?> selector)": total_of,
            f"{mean}? IEnumerable<{name}?>.Average()": or_null(mean_of),
        }
    return table


def _orders() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, owner, order in (
        ("OrderBy", "IEnumerable<T>", ordering(descending=False)),
        ("OrderByDescending", "IEnumerable<T>", ordering(descending=True)),
        ("ThenBy", "IOrderedEnumerable<T>", further_ordering(descending=False)),
        ("ThenByDescending", "IOrderedEnumerable<T>", further_ordering(descending=True)),
    ):
        table[f"IOrderedEnumerable<T> {owner}.{name}<K>(Func<T, K> keySelector)"] = Typed(
            lambda kind, source, key, order=order: order(source, key, ord if kind is t.CHAR else sort_key)
        )
        table[f"IOrderedEnumerable<T> {owner}.{name}(Func<T, string> keySelector, StringComparer comparer)"] = (
            lambda source, key, comparer, order=order: order(source, key, comparer.sort_key)
        )
    return table


EXTENSIONS: dict[str, Any] = {
    **_totals(),
    "IEnumerable<T> IEnumerable<T>.Where(Func<T, bool> predicate)": where,
    "IEnumerable<T> IEnumerable<T>.Where(Func<T, int, bool> predicate)": where_indexed,
    "IEnumerable<R> IEnumerable<T>.Select<R>(Func<T, R> selector)": select,
    "IEnumerable<R> IEnumerable<T>.Select<R>(Func<T, int, R> selector)": select_indexed,
    "IEnumerable<R> IEnumerable<T>.SelectMany<R>(Func<T, IEnumerable<R>> selector)": select_many,
    "IEnumerable<R> IEnumerable<T>.SelectMany<U, R>("
    "Func<T, IEnumerable<U>> collectionSelector, Func<T, U, R> resultSelector)": (select_many_pairs),
    "IEnumerable<R> IEnumerable<T>.SelectMany<R>(Func<T, int, IEnumerable<R>> selector)": select_many_indexed,
    "IEnumerable<T> IEnumerable<T>.TakeWhile(Func<T, int, bool> predicate)": take_while_indexed,
    "IEnumerable<T> IEnumerable<T>.SkipWhile(Func<T, int, bool> predicate)": skip_while_indexed,
    "IEnumerable<T> IEnumerable<T>.Take(int count)": take,
    "IEnumerable<T> IEnumerable<T>.Skip(int count)": skip,
    "IEnumerable<T> IEnumerable<T>.TakeWhile(Func<T, bool> predicate)": take_while,
    "IEnumerable<T> IEnumerable<T>.SkipWhile(Func<T, bool> predicate)": skip_while,
    "IEnumerable<T> IEnumerable<T>.Concat(IEnumerable<T>! second)": concat,
    "IEnumerable<T> IEnumerable<T>.Append(T element)": lambda source, element: concat(source, [element]),
    "IEnumerable<T> IEnumerable<T>.Prepend(T element)": lambda source, element: concat([element], source),
    "IEnumerable<T> IEnumerable<T>.Union(IEnumerable<T>! second)": union,
    "IEnumerable<T> IEnumerable<T>.Except(IEnumerable<T>! second)": difference,
    "IEnumerable<T> IEnumerable<T>.Intersect(IEnumerable<T>! second)": intersect,
    "IEnumerable<string> IEnumerable<string>.Union(IEnumerable<string>! second, StringComparer comparer)": union,
    "IEnumerable<string> IEnumerable<string>.Except(IEnumerable<string>! second, StringComparer comparer)": difference,
    "IEnumerable<string> IEnumerable<string>.Intersect(IEnumerable<string>! second, StringComparer comparer)": (
        intersect
    ),
    "IEnumerable<T> IEnumerable<T>.Distinct()": distinct,
    "IEnumerable<string> IEnumerable<string>.Distinct(StringComparer comparer)": distinct,
    "IEnumerable<T> IEnumerable<T>.Reverse()": reverse,
    "IEnumerable<T> IEnumerable<T>.AsEnumerable()": lambda source: source,
    "IEnumerable<T> IEnumerable<T>.DefaultIfEmpty(T defaultValue)": or_default,
    "IEnumerable<T> IEnumerable<T>.DefaultIfEmpty()": Typed(default_if_empty),
    "IEnumerable<R> IEnumerable<T>.OfType<R>()": Typed(of_type),
    "IEnumerable<R> IEnumerable<T>.Cast<R>()": Typed(cast),
    "IEnumerable<R> IEnumerable<T>.Zip<U, R>(IEnumerable<U>! second, Func<T, U, R> resultSelector)": zipped,
    "IEnumerable<R> IEnumerable<T>.Join<U, K, R>(IEnumerable<U>! inner, Func<T, K> outerKeySelector, "
    "Func<U, K> innerKeySelector, Func<T, U, R> resultSelector)": (join),
    "IEnumerable<R> IEnumerable<T>.GroupJoin<U, K, R>(IEnumerable<U>! inner, Func<T, K> outerKeySelector, "
    "Func<U, K> innerKeySelector, Func<T, IEnumerable<U>, R> resultSelector)": group_join,
    **_orders(),
    "IEnumerable<IGrouping<K, T>> IEnumerable<T>.GroupBy<K>(Func<T, K> keySelector)": Typed(
        lambda key, source, by: Sequence(lambda: iter(groups(key, t.OBJECT, source, by, lambda item: item)))
    ),
    "IEnumerable<IGrouping<K, E>> IEnumerable<T>.GroupBy<K, E>("
    "Func<T, K> keySelector, Func<T, E> elementSelector)": Typed(
        lambda key, element, source, by, pick: Sequence(lambda: iter(groups(key, element, source, by, pick)))
    ),
    "IEnumerable<R> IEnumerable<T>.GroupBy<K, R>("
    "Func<T, K> keySelector, Func<K, IEnumerable<T>, R> resultSelector)": Typed(
        lambda key, _result, source, by, pick: Sequence(
            lambda: (pick(group.key, group) for group in groups(key, t.OBJECT, source, by, lambda item: item))
        )
    ),
    "T IEnumerable<T>.First()\nT IEnumerable<T>.First(Func<T, bool> predicate)": first,
    "T IEnumerable<T>.FirstOrDefault()\nT IEnumerable<T>.FirstOrDefault(Func<T, bool> predicate)": Typed(
        first_or_default
    ),
    "T IEnumerable<T>.Last()\nT IEnumerable<T>.Last(Func<T, bool> predicate)": last,
    "T IEnumerable<T>.LastOrDefault()\nT IEnumerable<T>.LastOrDefault(Func<T, bool> predicate)": Typed(last_or_default),
    "T IEnumerable<T>.Single()\nT IEnumerable<T>.Single(Func<T, bool> predicate)": single,
    "T IEnumerable<T>.SingleOrDefault()\nT IEnumerable<T>.SingleOrDefault(Func<T, bool> predicate)": Typed(
        single_or_default
    ),
    "T IEnumerable<T>.ElementAt(int index)": element_at,
    "T IEnumerable<T>.ElementAtOrDefault(int index)": Typed(element_at_or_default),
    "int IEnumerable<T>.Count()\nint IEnumerable<T>.Count(Func<T, bool> predicate)": count,
    "long IEnumerable<T>.LongCount()\nlong IEnumerable<T>.LongCount(Func<T, bool> predicate)": count,
    "bool IEnumerable<T>.Any()\nbool IEnumerable<T>.Any(Func<T, bool> predicate)": any_of,
    "bool IEnumerable<T>.All(Func<T, bool> predicate)": all_of,
    "bool IEnumerable<T>.Contains(T value)": Special(contains),
    "bool IEnumerable<string>.Contains(string value, StringComparer comparer)": contains_by,
    "bool IEnumerable<T>.SequenceEqual(IEnumerable<T>! second)": sequence_equal,
    "bool IEnumerable<string>.SequenceEqual(IEnumerable<string>! second, StringComparer comparer)": (
        lambda first, second, comparer: sequence_equal(map(comparer.sort_key, first), map(comparer.sort_key, second))
    ),
    "T IEnumerable<T>.Max()": Typed(extreme(max)),
    "T IEnumerable<T>.Min()": Typed(extreme(min)),
    "R IEnumerable<T>.Max<R>(Func<T, R> selector)": Typed(lambda r, source, f: extreme(max)(r, [f(i) for i in source])),
    "R IEnumerable<T>.Min<R>(Func<T, R> selector)": Typed(lambda r, source, f: extreme(min)(r, [f(i) for i in source])),
    "T IEnumerable<T>.Aggregate(Func<T, T, T> func)": aggregate,
    "A IEnumerable<T>.Aggregate<A>(A seed, Func<A, T, A> func)": aggregate_from,
    "R IEnumerable<T>.Aggregate<A, R>(A seed, Func<A, T, A> func, Func<A, R> resultSelector)": (
        lambda source, seed, function, result: result(aggregate_from(source, seed, function))
    ),
    "List<T> IEnumerable<T>.ToList()": Typed(to_list),
    "T[] IEnumerable<T>.ToArray()": Typed(to_array),
    "Dictionary<K, T> IEnumerable<T>.ToDictionary<K>(Func<T, K> keySelector)": Typed(
        lambda key, source, by: dictionary(key, t.OBJECT, source, by, lambda item: item, None)
    ),
    "Dictionary<K, T> IEnumerable<T>.ToDictionary<K>(Func<T, K> keySelector, StringComparer comparer)": Typed(
        lambda key, source, by, comparer: dictionary(key, t.OBJECT, source, by, lambda item: item, comparer)
    ),
    "Dictionary<K, E> IEnumerable<T>.ToDictionary<K, E>(Func<T, K> keySelector, Func<T, E> elementSelector)": Typed(
        lambda key, value, source, by, pick: dictionary(key, value, source, by, pick, None)
    ),
    "Dictionary<K, E> IEnumerable<T>.ToDictionary<K, E>("
    "Func<T, K> keySelector, Func<T, E> elementSelector, StringComparer comparer)": Typed(
        lambda key, value, source, by, pick, comparer: dictionary(key, value, source, by, pick, comparer)
    ),
    "ILookup<K, T> IEnumerable<T>.ToLookup<K>(Func<T, K> keySelector)": Typed(
        lambda key, source, by: Lookup((key, t.OBJECT), groups(key, t.OBJECT, source, by, lambda item: item))
    ),
    "ILookup<K, E> IEnumerable<T>.ToLookup<K, E>(Func<T, K> keySelector, Func<T, E> elementSelector)": Typed(
        lambda key, element, source, by, pick: Lookup((key, element), groups(key, element, source, by, pick))
    ),
    "HashSet<T> IEnumerable<T>.ToHashSet()": Typed(lambda element, source: HashSet(element, source)),
}
MEMBERS: dict[str, Any] = {
    "static IEnumerable<int> Enumerable.Range(int start, int count)": range_of,
    "static IEnumerable<T> Enumerable.Repeat<T>(T element, int count)": repeat,
    "static IEnumerable<T> Enumerable.Empty<T>()": lambda: Array((), t.OBJECT),
    "T IGrouping<T, U>.Key": lambda group: group.key,
    "int ILookup<T, U>.Count": len,
    "bool ILookup<T, U>.Contains(T key)": lambda lookup, key: key in lookup.groups,
    "IEnumerable<U> ILookup<T, U>[T key]": lambda lookup, key: lookup.groups.get(key, ()),
}
