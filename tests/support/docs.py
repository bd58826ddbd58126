"""The commands, snippets and outputs in the README and in docs/, and what has tried each of them.

Each stands under a remark, which a reader of the page does not see: `<!-- tested by tests/test_x.py::test_y -->`, or
`<!-- needs Azure -->`, or whatever else no test has here. A test takes what it tries from the page.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NEEDS = re.compile(r"<!-- needs [^>]+ -->")
TESTED = re.compile(r"<!-- tested by (\S+?)(?:::(\w+))? -->")


@dataclass(frozen=True)
class Block:
    """What stands in a page as code, and the remark right above it."""

    page: Path
    line: int
    text: str
    remark: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    remark = ""
    for token in MarkdownIt().parse(page.read_text()):
        if token.type in ("fence", "code_block") and token.map:
            found.append(Block(page, token.map[0] + 1, token.content, remark))
        remark = token.content.strip() if token.type == "html_block" else ""
    return found


def written(page: str, test: str) -> list[str]:
    """What `test` has to try, of a page named from the repository's root; it is an error if there is nothing."""
    texts = [block.text for block in blocks(ROOT / page) if block.remark.endswith(f"::{test} -->")]
    assert texts, f"{page} has nothing that names {test}"
    return texts
