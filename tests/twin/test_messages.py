from twin.messages import Headers


def test_headers_are_looked_up_whatever_their_case_and_all_their_values_count() -> None:
    headers = Headers([("X-A", "1"), ("B", "2"), ("x-a", "3")])
    assert (headers.get("x-A"), headers.get_all("X-a"), headers.get("C", "none")) == ("1,3", ["1", "3"], "none")
    assert ("b" in headers, "c" in headers, len(headers), headers.names()) == (True, False, 3, ["X-A", "B"])


def test_headers_keep_their_order_and_spelling() -> None:
    fields = [("X-A", "1"), ("B", "2"), ("x-a", "3")]
    assert list(Headers(fields)) == fields
    assert Headers(fields) != Headers([("x-a", "1"), ("B", "2"), ("x-a", "3")])
    assert Headers(fields) != Headers([("B", "2"), ("X-A", "1"), ("x-a", "3")])


def test_a_header_that_is_set_stands_once_and_last_in_its_new_spelling() -> None:
    headers = Headers([("X-A", "1"), ("B", "2"), ("x-a", "3")])
    headers.set("x-A", "4")
    assert list(headers) == [("B", "2"), ("x-A", "4")]


def test_a_copy_of_headers_changes_on_its_own() -> None:
    headers = Headers([("A", "1")])
    headers.copy().set("A", "2")
    headers.copy_without(["a"]).add("B", "3")
    assert list(headers) == [("A", "1")]


def test_what_concerns_one_connection_is_not_end_to_end() -> None:
    headers = Headers([("A", "1"), ("Connection", "close, x-mine"), ("X-Mine", "2"), ("TE", "trailers"), ("B", "3")])
    assert list(headers.end_to_end()) == [("A", "1"), ("B", "3")]
