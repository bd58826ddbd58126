"""Numbers as text by a custom pattern: `0.00`, `#,##0`, `0.0%`, `0.00E+00`, `0,K`, `positive;negative;zero`.

https://learn.microsoft.com/dotnet/standard/base-types/custom-numeric-format-strings
"""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

_KINDS = {"0": "digit", "#": "digit", ".": "dot", ",": "comma", "%": "percent", "‰": "permille"}
_EXPONENT = re.compile(r"[eE][+-]?0+")


def custom_text(number: Decimal, pattern: str) -> str:
    sections = _sections(pattern)
    negative = number < 0
    section = sections[0]
    if negative and len(sections) > 1 and sections[1]:
        section, number, negative = sections[1], -number, False
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    digits = _fill(section, abs(number))
    return f"-{digits}" if negative and any(char in "123456789" for char in digits) else digits


def fixed(value: Decimal, places: int) -> str:
    """So many digits behind the point, halves rounded away from zero."""
    with localcontext() as context:
        context.prec = 400
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def _sections(pattern: str) -> list[str]:
    sections, quote, escaped = [""], "", False
    for char in pattern:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == ";":
            sections.append("")
            continue
        sections[-1] += char
    return sections


def _tokens(section: str) -> list[tuple[str, str]]:
    """A pattern as (kind, text): `digit` for 0 and #, `dot`, `comma`, `percent`, `exponent`, …, `text` for all else."""
    found, index = [], 0
    while index < len(section):
        char = section[index]
        exponent = _EXPONENT.match(section, index)
        if char == "\\" and index + 1 < len(section):
            index += 1
            found.append(("text", section[index]))
        elif char in "'\"":
            end = section.find(char, index + 1)
            end = len(section) if end < 0 else end
            found.append(("text", section[index + 1 : end]))
            index = end
        elif exponent:
            found.append(("exponent", exponent.group()))
            index = exponent.end() - 1
        else:
            found.append((_KINDS.get(char, "text"), char))
        index += 1
    return found


def _fill(section: str, number: Decimal) -> str:
    tokens = _tokens(section)
    kinds = [kind for kind, _ in tokens]
    dot = kinds.index("dot") if "dot" in kinds else len(tokens)
    before = [text for kind, text in tokens[:dot] if kind == "digit"]
    after = [text for kind, text in tokens[dot:] if kind == "digit"]
    thousands = _thousands(kinds[:dot])
    number = number.scaleb(2 * kinds.count("percent") + 3 * kinds.count("permille") - 3 * thousands)
    exponent = 0
    if "exponent" in kinds:
        number, exponent = _scaled(number, max(len(before), 1), len(after))
    whole, _, fraction = fixed(number, len(after)).partition(".")
    least = len(before) - before.index("0") if "0" in before else 0
    whole = whole.lstrip("0").rjust(least, "0")
    keep = max((place + 1 for place, text in enumerate(after) if text == "0"), default=0)
    fraction = fraction[:keep] + fraction[keep:].rstrip("0")
    grouped = kinds[:dot].count("comma") > thousands
    pieces = [*_slots(whole, len(before), grouped=grouped), *fraction, *([""] * len(after))]
    out = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "digit":
            out.append(pieces.pop(0))
        elif kind == "dot":
            out.append("." if index == dot and fraction else "")
        elif kind == "exponent":
            out.append(_exponent(text, exponent))
        elif kind != "comma":
            out.append(text)
    return "".join(out)


def _thousands(kinds: list[str]) -> int:
    """How many commas stand right behind the last digit before the point: each divides by a thousand."""
    last = max((at for at, kind in enumerate(kinds) if kind == "digit"), default=len(kinds))
    behind = kinds[last + 1 :]
    return next((at for at, kind in enumerate(behind) if kind != "comma"), len(behind))


def _scaled(number: Decimal, whole: int, places: int) -> tuple[Decimal, int]:
    """A number with so many digits before its point, and the power of ten that was taken off."""
    exponent = number.adjusted() - whole + 1 if number else 0
    if Decimal(fixed(number.scaleb(-exponent), places)).adjusted() >= whole:
        exponent += 1  # rounding made one digit more
    return number.scaleb(-exponent), exponent


def _exponent(pattern: str, exponent: int) -> str:
    sign = "-" if exponent < 0 else "+" if "+" in pattern else ""
    return f"{pattern[0]}{sign}{str(abs(exponent)).rjust(pattern.count('0'), '0')}"


def _slots(whole: str, count: int, *, grouped: bool) -> list[str]:
    """The digits of each place before the point; the first place takes all that are too many."""
    digits = [
        f"{digit}," if grouped and left % 3 == 0 and left else digit
        for digit, left in zip(whole, range(len(whole) - 1, -1, -1), strict=True)
    ]
    if not count:
        return []
    spare = len(digits) - count
    if spare < 0:
        return [""] * -spare + digits
    return ["".join(digits[: spare + 1]), *digits[spare + 1 :]]
