"""Makes golden.json: what a real C# compiler and run-time make of the expressions in cases.txt.

Needs Debian's mono-mcs, mono-runtime, libmono-system-numerics4.0-cil and libnewtonsoft-json5.0-cil:

    python tests/twin/policy/expressions/make_golden.py

Each line of cases.txt is an expression; lines that begin with # are headings. The answers are by context: an encoded
value or the exception's type. An expression that does not compile has the compiler's error code instead.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
JSON_DLL = "/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll"
USING = "\n".join(
    f"using {name};"
    for name in (
        "System",
        "System.Collections.Generic",
        "System.Linq",
        "System.Net",
        "System.Security.Cryptography",
        "System.Text",
        "System.Text.RegularExpressions",
        "Newtonsoft.Json",
        "Newtonsoft.Json.Linq",
    )
)


def cases() -> list[str]:
    lines = Path(HERE, "cases.txt").read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def source(expressions: dict[int, str]) -> str:
    """A class with a method an expression; `#line` leads a compiler error back to its number."""
    methods = []
    for number, text in expressions.items():
        body = text[2:-1]
        code = f"return (object)({body});" if text[1] == "(" else body
        methods.append(
            f'#line {number + 1} "case"\npublic static object E{number}(IProxyRequestContext context) {{ {code} }}\n'
        )
    return f"{USING}\npublic static class Expressions {{\n{''.join(methods)}}}\n"


def compile_all(folder: Path, expressions: dict[int, str]) -> tuple[Path, dict[int, str]]:
    """The program, without the expressions that do not compile, and those with their error codes."""
    refused: dict[int, str] = {}
    program = folder / "golden.exe"
    while True:
        generated = folder / "expressions.cs"
        generated.write_text(source({n: text for n, text in expressions.items() if n not in refused}))
        command = [
            "mcs",
            "-nowarn:0162,0168,0219,0472,0253,0252",
            f"-r:{JSON_DLL}",
            "-r:Microsoft.CSharp",
            "-r:System.Core",
        ]
        files = [str(HERE / "harness.cs"), str(generated)]
        result = subprocess.run([*command, *files, f"-out:{program}"], capture_output=True, text=True, check=False)
        found = dict(reversed(re.findall(r"case\((\d+),\d+\): error (CS\d+)", result.stderr)))
        if result.returncode == 0:
            return program, refused
        if not found:
            raise SystemExit(result.stderr)
        refused |= {int(number) - 1: code for number, code in found.items()}


def main() -> None:
    expressions = dict(enumerate(cases()))
    with tempfile.TemporaryDirectory() as name:
        program, refused = compile_all(Path(name), expressions)
        run = subprocess.run(
            ["mono", str(program), str(HERE / "contexts.json")],
            capture_output=True,
            text=True,
            check=True,
            env={"MONO_PATH": str(Path(JSON_DLL).parent), "PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"},
        )
    answers = json.loads(run.stdout)
    golden = [
        {"expression": text, **({"error": refused[n]} if n in refused else {"values": answers[f"E{n}"]})}
        for n, text in expressions.items()
    ]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in golden)
    Path(HERE, "golden.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
