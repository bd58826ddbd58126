"""The configuration table of the README, made from Pulumi.yaml: `python docs/configuration_table.py` writes it."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- configuration table: begin -->", "<!-- configuration table: end -->"


def table(project: dict[str, Any]) -> str:
    """A Markdown table of every declared key: type, default, description."""
    rows = ["| key | type | default | what it is |", "|---|---|---|---|"]
    for key, declared in project["config"].items():
        kind = f"{declared['items']['type']}s" if declared["type"] == "array" else declared["type"]
        rows.append(f"| `{key}` | {kind} | {_default(declared['default'])} | {declared['description'].strip()} |")
    return "\n".join(rows)


def with_table(readme: str, made: str) -> str:
    """The README with this table between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def _default(value: Any) -> str:
    if value in ("", {}, []):
        return "none"
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000).strip().removesuffix("...")
    return f"`{text.strip()}`"


def main() -> None:
    readme = ROOT / "README.md"
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    readme.write_text(with_table(readme.read_text(), table(project)))


if __name__ == "__main__":
    main()
