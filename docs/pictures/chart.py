"""A picture of two runs as SVG: one panel a run, calls by the second, stacked by the account that served them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from .runs import BREAKS, OTHERS, PRIMARY, RATE, SECONDS, Seen

_WIDTH, _LEFT, _RIGHT, _TOP = 960, 60, 20, 60
_PANEL, _GAP = 110, 62  # pixels: the height of a panel, and what lies between two
_X, _Y = (_WIDTH - _LEFT - _RIGHT) / SECONDS, _PANEL / RATE
_COLOURS = {PRIMARY: "#0969da", OTHERS[0]: "#bf8700", OTHERS[1]: "#8250df", "nobody": "#1f2328"}
_LOST = "#cf222e"
_STYLE = "text { fill: #1f2328 } .small { font-size: 12px; fill: #57606a } .strong { font-weight: 600 }"


def picture(title: str, runs: Sequence[Seen]) -> str:
    """The whole document, which begins with what a screen reader says."""
    height = _TOP + len(runs) * (_PANEL + _GAP)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="14">'
    )
    lines = [head, f'<title id="title">{escape(title)}</title>', f"<style>{_STYLE}</style>"]
    lines.append(f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff" rx="8"/>')
    lines += _legend()
    for number, run in enumerate(runs):
        lines += _panel(run, _TOP + 24 + number * (_PANEL + _GAP))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _legend() -> list[str]:
    lines = [f'<text class="small" x="{_LEFT}" y="28">calls a second, served by</text>']
    for number, (name, colour) in enumerate([*_COLOURS.items(), ("attempts that were lost", _LOST)]):
        x = 215 + number * 130
        lines.append(f'<rect x="{x}" y="18" width="12" height="12" fill="{colour}"/>')
        lines.append(f'<text class="small" x="{x + 18}" y="28">{name}</text>')
    return lines


def _panel(seen: Seen, top: int) -> list[str]:
    bottom, fault = top + _PANEL, seen.run.broken
    lines = [f'<text class="strong" x="{_LEFT}" y="{top - 10}">{escape(seen.run.title)}</text>']
    lines.append(
        f'<rect x="{_at(BREAKS)}" y="{top - 24}" width="{_number(fault * _X)}" height="20" fill="#ffebe9"/>'
        f'<text class="small" x="{_number(_LEFT + BREAKS * _X + 6)}" y="{top - 10}">{PRIMARY} is {_what(seen)}</text>'
    )
    below = [0] * SECONDS
    for name, counts in (*seen.served.items(), ("nobody", seen.failed)):
        above = [low + count for low, count in zip(below, counts, strict=True)]
        if any(counts):
            lines.append(f'<path d="{_area(below, above, bottom)}" fill="{_COLOURS[name]}" fill-opacity="0.85"/>')
        below = above
    lines.append(f'<path d="{_bars(seen.lost, bottom)}" stroke="{_LOST}" stroke-width="4"/>')
    lines.append(f'<path d="M{_LEFT} {top}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="#57606a"/>')
    for calls in (0, RATE):
        y = _number(bottom - calls * _Y + 4)
        lines.append(f'<text class="small" x="{_LEFT - 8}" y="{y}" text-anchor="end">{calls}</text>')
    return lines + [
        f'<text class="small" x="{_at(second)}" y="{bottom + 16}" text-anchor="middle">{second} s</text>'
        for second in range(0, SECONDS + 1, 10)
    ]


def _area(below: Sequence[int], above: Sequence[int], bottom: int) -> str:
    """Steps along the top from left to right, and back along the bottom."""
    seconds = range(SECONDS)
    there = "".join(f"V{_number(bottom - above[second] * _Y)}H{_at(second + 1)}" for second in seconds)
    back = "".join(f"V{_number(bottom - below[second] * _Y)}H{_at(second)}" for second in reversed(seconds))
    return f"M{_LEFT} {_number(bottom - below[0] * _Y)}{there}{back}Z"


def _bars(counts: Sequence[int], bottom: int) -> str:
    """A line upwards for each second that has any, in its middle."""
    return "".join(
        f"M{_number(_LEFT + (second + 0.5) * _X)} {bottom}v{_number(-count * _Y)}"
        for second, count in enumerate(counts)
        if count
    )


def _what(seen: Seen) -> str:
    return "throttled" if "tokensPerMinute" in seen.run.fault else "broken"


def _at(second: int) -> str:
    return _number(_LEFT + second * _X)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
