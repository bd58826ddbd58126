from hypothesis import given
from hypothesis import strategies as st

from twin.policy.cache import MOST_ENTRIES, Cache


def test_a_value_is_there_until_its_time_is_up() -> None:
    cache = Cache()
    cache.store("k", 1, 10, now=0)
    assert [cache.get("k", now) for now in (0, 9.999, 10, 5)] == [1, 1, None, None]


def test_a_default_tells_an_absent_value_from_a_stored_nothing() -> None:
    cache, absent = Cache(), object()
    cache.store("k", None, 10, now=0)
    assert cache.get("k", 1, absent) is None
    assert cache.get("other", 1, absent) is absent
    assert cache.get("k", 10, absent) is absent


def test_the_last_store_counts() -> None:
    cache = Cache()
    cache.store("k", 1, 100, now=0)
    cache.store("k", 2, 5, now=1)
    assert (cache.get("k", 2), cache.get("k", 7)) == (2, None)


def test_what_is_removed_is_gone_and_nothing_else() -> None:
    cache = Cache()
    cache.store("k", 1, 10, now=0)
    cache.store("l", 2, 10, now=0)
    cache.remove("k")
    cache.remove("never stored")
    assert (cache.get("k", 1), cache.get("l", 1)) == (None, 2)


def test_a_full_cache_gives_up_what_has_expired_first() -> None:
    cache = Cache()
    cache.store("kept", 1, 1000, now=0)
    for number in range(MOST_ENTRIES - 1):
        cache.store(f"short {number}", number, 10, now=0)
    cache.store("new", 2, 10, now=20)
    assert (cache.get("kept", 20), cache.get("new", 20)) == (1, 2)


def test_a_full_cache_gives_up_the_oldest_then() -> None:
    cache = Cache()
    for number in range(MOST_ENTRIES - 1):
        cache.store(f"{number}", number, 1000, now=0)
    cache.store("0", "again", 1000, now=1)
    for key in ("newer", "new"):
        cache.store(key, key, 1000, now=1)
    assert [cache.get(key, 1) for key in ("0", "1", "2", "new")] == ["again", None, 2, "new"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 10), st.floats(0, 3)), max_size=30), st.floats(0, 50))
def test_a_value_is_found_exactly_while_it_lives(stores: list[tuple[str, float, float]], after: float) -> None:
    cache, lives, now = Cache(), {}, 0.0
    for key, seconds, wait in stores:
        now += wait
        cache.store(key, now, seconds, now)
        lives[key] = (now, now + seconds)
    now += after
    for key, (stored, until) in lives.items():
        assert cache.get(key, now) == (stored if now < until else None)
