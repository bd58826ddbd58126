"""The table of policy elements in docs/what-is-simulated.md, made from the classes that run them.

`python -m docs.policy_elements` writes it.
"""

from pathlib import Path

from twin.policy.catalogue import POLICIES
from twin.policy.compiler import ELEMENTS
from twin.policy.support import ATTRIBUTES, supported_elements

PAGE = Path(__file__).parent / "what-is-simulated.md"
BEGIN, END = "<!-- policy elements: begin -->", "<!-- policy elements: end -->"
REFERENCE = "https://learn.microsoft.com/azure/api-management"
_BASE = "The policies of the scope around this one, as if they stood here."


def section() -> str:
    """Markdown: what runs, with what each class says of itself, then what is refused."""
    rows = ["| element | on the twin |", "|---|---|"]
    rows += [f"| [{tag}]({REFERENCE}/{_page(tag)}) | {_said(tag)} |" for tag in supported_elements()]
    refused = sorted(set(POLICIES) - set(supported_elements()))
    names = ", ".join(f"`{tag}`" for tag in refused)
    attributes = "; ".join(f"of `{tag}`: {_names(found)}" for tag, found in sorted(ATTRIBUTES.items()))
    return "\n".join(
        [*rows, "", f"Known by name and refused: {names}.", "", f"Attributes that are refused: {attributes}."]
    )


def with_section(page: str, made: str) -> str:
    """The page with this section between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def _page(tag: str) -> str:
    return "set-edit-policies#use-base-element-to-set-policy-evaluation-order" if tag == "base" else f"{tag}-policy"


def _said(tag: str) -> str:
    text = ELEMENTS[tag].__doc__ if tag in ELEMENTS else _BASE
    return " ".join((text or "").split()).replace("|", r"\|")


def _names(found: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}…`" if name.endswith("-") else f"`{name}`" for name in found)


def main() -> None:
    PAGE.write_text(with_section(PAGE.read_text(), section()))


if __name__ == "__main__":
    main()
