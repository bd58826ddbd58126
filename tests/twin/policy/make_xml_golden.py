"""Makes xml_messages.json: what .NET's own XML reader and writer say about a list of texts.

Needs a C# compiler and runtime (Debian: mono-mcs, mono-runtime, libmono-system-xml-linq4.0-cil):

    python tests/twin/policy/make_xml_golden.py
"""

import base64
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = r"""
using System; using System.IO; using System.Text; using System.Xml; using System.Xml.Linq;
class Program {
    static string Decode(string line) { return Encoding.UTF8.GetString(Convert.FromBase64String(line)); }
    static string Encode(string text) { return Convert.ToBase64String(Encoding.UTF8.GetBytes(text)); }
    static void Main() {
        string line;
        var settings = new XmlWriterSettings {
            Indent = true, IndentChars = "\t", NewLineChars = "\r\n", OmitXmlDeclaration = true,
            NewLineHandling = NewLineHandling.Replace };
        while ((line = Console.In.ReadLine()) != null) {
            try {
                var document = XDocument.Parse(Decode(line));
                var text = new StringWriter();
                using (var writer = XmlWriter.Create(text, settings)) document.Save(writer);
                Console.WriteLine("written " + Encode(text.ToString()));
            } catch (XmlException e) {
                Console.WriteLine("refused " + Encode(e.LineNumber + ":" + e.LinePosition + ":" + e.Message));
            }
        }
    }
}
"""
TEXTS = [
    "<a/>",
    '<a b="x<y"/>',
    '<a b="x && y"/>',
    '<a b="x &foo= y"/>',
    '<a b="x &foo; y"/>',
    '<a>\n\t<set-variable name="x" value="@(context.Variables["code"])"/>\n</a>',
    '<a b=""c""/>',
    "<a><b></a>",
    "<a><b>",
    "<a>\n<b x='1'>\n",
    " \n ",
    "",
    "x<a/>",
    "<a/>x",
    "<a/>\n<b/>",
    '<a b="1" c="2" b="2"/>',
    "<a b/>",
    "<a b=c/>",
    '<a b="1"c="2"/>',
    "< a/>",
    "<a>a < b</a>",
    "<a>a<1</a>",
    "<a><List<string>></a>",
    "<a><!-- a -- b --></a>",
    "<a><!-- a ---></a>",
    "<a>]]></a>",
    "<a>&#0;</a>",
    "<a>&#xZ;</a>",
    "<a>&#12</a>",
    '<a b="1',
    "<a></b>",
    "<a></a",
    "<a></a x>",
    "</a>",
    "<s:a/>",
    '<a s:b="1"/>',
    '<a xmlns:s="u"><s:b s:c="1"/></a>',
    '<a xmlns="u"><b/></a>',
    '<?xml version="1.0"?>\n<a/>',
    ' <?xml version="1.0"?><a/>',
    "<?php x?><a/>",
    "<a><?php x ?></a>",
    "<a><![CDATA[x<y]]></a>",
    "<a><![CDATA[x<y</a>",
    "<a b='\"'/>",
    '<a b="x\ny\tz\r\nw" c="1&#xA;2&#x9;3&#xD;4">\n  x\n  <c/>\n</a>',
    "<a>\n<b>\n</b><c></c><d/><!-- x\ny --></a>",
    "<a>x<b><c/></b></a>",
    "<a>\r\n<b>x\r\ny\rz</b>\r\n</a>",
    "<!-- top\n y --><a/><!-- end -->",
    "<a>&lt;&gt;&amp;&quot;&apos;&#233;&#x1F600;</a>",
    '<a b="&lt;&gt;&amp;&quot;&apos;"/>',
    '<a b = "1"/>',
    '<a b="1"/ >',
    '<a 1b="1"/>',
    '<a b"1"/>',
    '<a b="1>\n<c d="2"/>',
    "<a.b-c_d/>",
    "<a:b:c/>",
    "<a>&</a>",
    "<a>& b</a>",
    "<a>&amp b</a>",
    '<a b="&amp"/>',
    "<a>\x0b</a>",
    '<a><set-body template="liquid">\n <s xmlns="u">x {{y}}\n <b/> <!-- c --></s>\n</set-body></a>',
    "<a><c>\n\t<d/>t<e><f/></e></c></a>",
    "<a><b><![CDATA[x]]></b><b><!-- c -->x<d/></b><b><!-- c --><d/></b><b><d/>x<d/></b></a>",
    "<policies><inbound><base /></inbound><backend><base/></backend><outbound></outbound></policies>",
]


def main() -> None:
    lines = "\n".join(base64.b64encode(text.encode()).decode() for text in TEXTS) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "program.cs")
        source.write_text(PROGRAM)
        program = source.with_suffix(".exe")
        subprocess.run(["mcs", "-r:System.Xml.Linq", str(source), f"-out:{program}"], check=True)
        output = subprocess.run(["mono", str(program)], input=lines, capture_output=True, text=True, check=True).stdout
    answers = []
    for text, answer in zip(TEXTS, output.splitlines(), strict=True):
        kind, _, payload = answer.partition(" ")
        said = base64.b64decode(payload).decode()
        if kind == "written":
            answers.append({"text": text, "written": said})
        else:
            line, position, message = said.split(":", 2)
            answers.append({"text": text, "line": int(line), "position": int(position), "message": message})
    Path(HERE, "xml_messages.json").write_text(json.dumps(answers, indent=1, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
