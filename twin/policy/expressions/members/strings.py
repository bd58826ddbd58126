"""String, char, StringBuilder, Encoding, StringComparer, Exception."""

import unicodedata
from typing import Any

from .. import types as t
from ..change import change
from ..errors import Thrown
from ..texts import to_string
from ..values import Array, equals, same_object
from .signature import Typed
from .text_functions import (
    WHITE,
    char_at,
    compare,
    compare_ordinal,
    ends,
    find,
    find_any,
    find_before,
    find_last,
    find_within,
    fold,
    hash_code,
    insert,
    join_sequence,
    lower,
    net_format,
    pad,
    part,
    put_char,
    remove,
    replace,
    same,
    split,
    split_char,
    starts,
    substring,
)
from .text_objects import Builder, Comparer, NetEncoding, changing, named_encoding

MEMBERS: dict[str, Any] = {
    "string Object.ToString()": to_string,
    "bool Object.Equals(object obj)": equals,
    "static bool Object.Equals(object objA, object objB)": equals,
    "static bool Object.ReferenceEquals(object objA, object objB)": same_object,
    # String
    "static string String.Empty": lambda: "",
    "int String.Length": len,
    "int String.GetHashCode()": hash_code,
    "char String[int index]": char_at,
    "bool String.Contains(string! value)": lambda text, value: value in text,
    "bool String.StartsWith(string! value)": starts,
    "bool String.StartsWith(string! value, StringComparison comparisonType)": starts,
    "bool String.EndsWith(string! value)": ends,
    "bool String.EndsWith(string! value, StringComparison comparisonType)": ends,
    "int String.IndexOf(string! value)\nint String.IndexOf(char value)": find,
    "int String.IndexOf(string! value, StringComparison comparisonType)": find,
    "int String.IndexOf(string! value, int startIndex)\nint String.IndexOf(char value, int startIndex)": (
        lambda text, value, start: find(text, value, 4, start)
    ),
    "int String.IndexOf(string! value, int startIndex, StringComparison comparisonType)": (
        lambda text, value, start, comparison: find(text, value, comparison, start)
    ),
    "int String.IndexOf(string! value, int startIndex, int count)\n"
    "int String.IndexOf(char value, int startIndex, int count)": find_within,
    "int String.LastIndexOf(string! value)\nint String.LastIndexOf(char value)": find_last,
    "int String.LastIndexOf(string! value, int startIndex)\nint String.LastIndexOf(char value, int startIndex)": (
        find_before
    ),
    "int String.LastIndexOfAny(char[]! anyOf)": lambda text, chars: max(map(text.rfind, chars), default=-1),
    "int String.LastIndexOf(string! value, StringComparison comparisonType)": find_last,
    "int String.IndexOfAny(char[]! anyOf)\nint String.IndexOfAny(char[]! anyOf, int startIndex)": find_any,
    "string String.Substring(int startIndex)\nstring String.Substring(int startIndex, int length)": substring,
    "string String.Replace(string! oldValue, string newValue)": replace,
    "string String.Replace(char oldChar, char newChar)": lambda text, old, new: text.replace(old, new),
    "string String.Remove(int startIndex)\nstring String.Remove(int startIndex, int count)": remove,
    "string String.Insert(int startIndex, string! value)": insert,
    "string String.ToLower()\nstring String.ToLowerInvariant()": lower,
    "string String.ToUpper()\nstring String.ToUpperInvariant()": fold,
    "string String.Trim(params char[] trimChars)": lambda text, chars: text.strip("".join(chars or ()) or WHITE),
    "string String.TrimStart(params char[] trimChars)": lambda text, chars: text.lstrip("".join(chars or ()) or WHITE),
    "string String.TrimEnd(params char[] trimChars)": lambda text, chars: text.rstrip("".join(chars or ()) or WHITE),
    "string String.PadLeft(int totalWidth)": lambda text, width: pad(text, width, " ", left=True),
    "string String.PadLeft(int totalWidth, char paddingChar)": lambda text, width, c: pad(text, width, c, left=True),
    "string String.PadRight(int totalWidth)": lambda text, width: pad(text, width, " ", left=False),
    "string String.PadRight(int totalWidth, char paddingChar)": lambda text, width, c: pad(text, width, c, left=False),
    "string[] String.Split(params char[] separator)\nstring[] String.Split(char[] separator, int count)": split_char,
    "string[] String.Split(char[] separator, int count, StringSplitOptions options)": split_char,
    "string[] String.Split(char[] separator, StringSplitOptions options)": (
        lambda text, separators, options: split_char(text, separators, options=options)
    ),
    "string[] String.Split(string[] separator, StringSplitOptions options)": (
        lambda text, separators, options: split(text, separators, options=options)
    ),
    "string[] String.Split(string[] separator, int count, StringSplitOptions options)": split,
    "char[] String.ToCharArray()": lambda text: Array(text, t.CHAR),
    "char[] String.ToCharArray(int startIndex, int length)": lambda text, start, n: Array(
        substring(text, start, n), t.CHAR
    ),
    "string String.Normalize()": lambda text: unicodedata.normalize("NFC", text),
    "bool String.Equals(string value)": lambda left, right: left == right,
    "bool String.Equals(string value, StringComparison comparisonType)": same,
    "int String.CompareTo(string strB)": compare,
    "string String.Trim()": lambda text: text.strip(WHITE),
    "string String.ToString()": lambda text: text,
    "static bool String.IsNullOrEmpty(string value)": lambda text: not text,
    "static bool String.IsNullOrWhiteSpace(string value)": lambda text: text is None or not text.strip(WHITE),
    "static bool String.Equals(string a, string b)": lambda left, right: left == right,
    "static bool String.Equals(string a, string b, StringComparison comparisonType)": same,
    "static int String.Compare(string strA, string strB)": compare,
    "static int String.Compare(string strA, string strB, StringComparison comparisonType)": compare,
    "static int String.Compare(string strA, string strB, bool ignoreCase)": (
        lambda left, right, ignore: compare(left, right, 3 if ignore else 2)
    ),
    "static int String.Compare(string strA, int indexA, string strB, int indexB, int length)": (
        lambda left, at, right, from_, n: compare(left[at : at + n], right[from_ : from_ + n])
    ),
    "static int String.CompareOrdinal(string strA, string strB)": compare_ordinal,
    "static string String.Join(string separator, string[]! value, int startIndex, int count)": (
        lambda separator, values, start, n: join_sequence(separator, part(values, start, n), t.STRING)
    ),
    "static string String.Join(string separator, params string[] value)": (
        lambda separator, values: join_sequence(separator, values, t.STRING)
    ),
    "static string String.Join(string separator, IEnumerable<string> values)": (
        lambda separator, values: join_sequence(separator, values, t.STRING)
    ),
    "static string String.Join(string separator, params object[] values)": (
        lambda separator, values: join_sequence(separator, values, t.OBJECT)
    ),
    "static string String.Join<T>(string separator, IEnumerable<T> values)": Typed(
        lambda element, separator, values: join_sequence(separator, values, element)
    ),
    "static string String.Concat(params object[] args)\nstatic string String.Concat(params string[] values)": (
        lambda values: "".join([to_string(value) for value in values])
    ),
    "static string String.Concat(IEnumerable<string> values)": lambda values: "".join([v or "" for v in values]),
    "static string String.Concat<T>(IEnumerable<T> values)": Typed(
        lambda element, values: join_sequence("", values, element)
    ),
    "static string String.Format(string! format, params object[] args)": net_format,
    "new String(char c, int count)": lambda char, count: char * count,
    "new String(char[] value)": lambda chars: "".join(chars or ()),
    "new String(char[]! value, int startIndex, int length)": (lambda chars, start, n: "".join(part(chars, start, n))),
    # Char
    "string Char.ToString()": str,
    "static bool Char.IsDigit(char c)": lambda c: c.isdecimal(),
    "static bool Char.IsLetter(char c)": lambda c: c.isalpha(),
    "static bool Char.IsLetterOrDigit(char c)": lambda c: c.isalpha() or c.isdecimal(),
    "static bool Char.IsUpper(char c)": lambda c: c.isupper(),
    "static bool Char.IsLower(char c)": lambda c: c.islower(),
    "static bool Char.IsWhiteSpace(char c)": lambda c: c in WHITE,
    "static bool Char.IsPunctuation(char c)": lambda c: unicodedata.category(c).startswith("P"),
    "static bool Char.IsNumber(char c)": lambda c: unicodedata.category(c).startswith("N"),
    "static bool Char.IsSymbol(char c)": lambda c: unicodedata.category(c).startswith("S"),
    "static bool Char.IsControl(char c)": lambda c: unicodedata.category(c) == "Cc",
    "static bool Char.IsSurrogate(char c)": lambda c: unicodedata.category(c) == "Cs",
    "static double Char.GetNumericValue(char c)": lambda c: float(unicodedata.numeric(c, -1.0)),
    "static char Char.Parse(string! s)": lambda text: change(text, t.CHAR),
    "static bool Char.TryParse(string s, out char result)": (
        lambda text: (True, text) if text and len(text) == 1 else (False, "\0")
    ),
    "static char Char.MaxValue": lambda: "\uffff",
    "static char Char.MinValue": lambda: "\0",
    "static char Char.ToUpper(char c)\nstatic char Char.ToUpperInvariant(char c)": fold,
    "static char Char.ToLower(char c)\nstatic char Char.ToLowerInvariant(char c)": lower,
    "static string Char.ToString(char c)": str,
    # StringBuilder
    "new StringBuilder()\nnew StringBuilder(string value)": Builder,
    "new StringBuilder(int capacity)": lambda _capacity: Builder(),
    "new StringBuilder(string value, int capacity)": lambda value, _capacity: Builder(value),
    "bool StringBuilder.Equals(StringBuilder sb)": lambda left, right: right is not None and left.text == right.text,
    "int StringBuilder.Length": lambda builder: len(builder.text),
    "char StringBuilder[int index]": lambda builder, index: char_at(builder.text, index),
    "StringBuilder StringBuilder.Append(object value)\nStringBuilder StringBuilder.Append(string value)\n"
    "StringBuilder StringBuilder.Append(char value)": Builder.append,
    "StringBuilder StringBuilder.Append(char value, int repeatCount)": lambda b, char, count: b.append(char * count),
    "StringBuilder StringBuilder.Append(char[] value)": lambda b, chars: b.append("".join(chars or ())),
    "StringBuilder StringBuilder.Append(string value, int startIndex, int count)": (
        lambda b, value, start, n: b.append(substring(value or "", start, n))
    ),
    "StringBuilder StringBuilder.AppendLine()": lambda builder: builder.append("\n"),
    "StringBuilder StringBuilder.AppendLine(string value)": lambda b, value: b.append((value or "") + "\n"),
    "StringBuilder StringBuilder.AppendFormat(string! format, params object[] args)": (
        lambda builder, pattern, args: builder.append(net_format(pattern, args))
    ),
    "StringBuilder StringBuilder.Insert(int index, string value)": changing(lambda s, i, v: insert(s, i, v or "")),
    "StringBuilder StringBuilder.Remove(int startIndex, int length)": changing(remove),
    "StringBuilder StringBuilder.Replace(string! oldValue, string newValue)": changing(replace),
    "StringBuilder StringBuilder.Replace(char oldChar, char newChar)": changing(lambda s, a, b: s.replace(a, b)),
    "StringBuilder StringBuilder.Clear()": changing(lambda _text: ""),
    "string StringBuilder.ToString()": Builder.net_string,
    "string StringBuilder.ToString(int startIndex, int length)": lambda b, start, n: substring(b.text, start, n),
    # Encoding
    "static Encoding Encoding.UTF8": lambda: NetEncoding("utf-8"),
    "static Encoding Encoding.ASCII": lambda: NetEncoding("ascii"),
    "static Encoding Encoding.Unicode": lambda: NetEncoding("utf-16-le"),
    "static Encoding Encoding.BigEndianUnicode": lambda: NetEncoding("utf-16-be"),
    "static Encoding Encoding.UTF32": lambda: NetEncoding("utf-32-le"),
    "static Encoding Encoding.GetEncoding(string! name)": named_encoding,
    "static Encoding Encoding.Default": lambda: NetEncoding("utf-8"),
    "static byte[] Encoding.Convert(Encoding! srcEncoding, Encoding! dstEncoding, byte[]! bytes)": (
        lambda source, target, data: target.encode(source.decode(data))
    ),
    "byte[] Encoding.GetBytes(string! s)": NetEncoding.encode,
    "byte[] Encoding.GetBytes(char[]! chars)": lambda encoding, chars: encoding.encode("".join(chars)),
    "char[] Encoding.GetChars(byte[]! bytes)": lambda encoding, data: Array(encoding.decode(data), t.CHAR),
    "string Encoding.GetString(byte[]! bytes)": NetEncoding.decode,
    "string Encoding.GetString(byte[]! bytes, int index, int count)": (
        lambda encoding, data, index, count: encoding.decode(data[index : index + count])
    ),
    "int Encoding.GetByteCount(string! s)": lambda encoding, text: len(encoding.encode(text)),
    # StringComparer
    "static StringComparer StringComparer.Ordinal": lambda: Comparer(4),
    "static StringComparer StringComparer.OrdinalIgnoreCase": lambda: Comparer(5),
    "static StringComparer StringComparer.InvariantCulture": lambda: Comparer(2),
    "static StringComparer StringComparer.InvariantCultureIgnoreCase": lambda: Comparer(3),
    "static StringComparer StringComparer.CurrentCulture": lambda: Comparer(0),
    "static StringComparer StringComparer.CurrentCultureIgnoreCase": lambda: Comparer(1),
    "bool StringComparer.Equals(string x, string y)": lambda comparer, x, y: same(x, y, comparer.comparison),
    "int StringComparer.Compare(string x, string y)": lambda comparer, x, y: compare(x, y, comparer.comparison),
    # Exception
    "new Exception()": lambda: Thrown("System.Exception", "Exception of type 'System.Exception' was thrown."),
    "new Exception(string message)": lambda message: Thrown("System.Exception", message),
    "new Exception(string message, Exception innerException)": lambda m, inner: Thrown("System.Exception", m, inner),
    "string Exception.Message": lambda thrown: thrown.message,
    "Exception Exception.InnerException": lambda thrown: thrown.inner,
    "string Exception.ToString()": lambda thrown: f"{thrown.kind}: {thrown.message}",
}
SETTERS: dict[str, Any] = {
    "char StringBuilder[int index]": lambda builder, index, char: setattr(
        builder, "text", put_char(builder.text, index, char)
    ),
    "int StringBuilder.Length": lambda builder, length: setattr(
        builder, "text", builder.text[:length].ljust(length, "\0")
    ),
}
