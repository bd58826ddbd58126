"""https://learn.microsoft.com/azure/api-management/rewrite-uri-policy"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from ...messages import Url
from ..compiler import Source, Value, element
from ..exchange import Exchange

_PARAMETER = re.compile(r"\{\*?([^{}]+)\}")


@element("rewrite-uri")
@dataclass(frozen=True)
class RewriteUri:
    """The path and query that the backend gets: a template filled with the parameters that the operation matched.

    Parameters of the query that the operation's own template does not name are kept, unless the policy says otherwise
    or the new template has one of that name.
    """

    template: Value[str]
    copy_unmatched: Value[bool]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        return cls(source.text("template"), source.boolean("copy-unmatched-params", True))

    def run(self, exchange: Exchange) -> None:
        context = exchange.context
        path, _, query = self.template(context).partition("?")
        matched = context.request.matched_parameters
        # An `&` or a blank in a parameter's value belongs to the value.
        made = Url.parse("/?" + _filled(query, matched, "")).query
        if self.copy_unmatched(context):
            known = {name.lower() for name, _ in made}
            if context.operation is not None:
                template = context.operation.url_template.partition("?")[2]
                known |= {name.lower() for name, _ in Url.parse("/?" + template).query}
            made += tuple(pair for pair in exchange.request.url.query if pair[0].lower() not in known)
        exchange.send_to(Url("/" + _filled(path, matched, "/:@!$'()*+,;=~").lstrip("/"), made))


def _filled(template: str, parameters: Mapping[str, str], safe: str) -> str:
    """The template with values in place of `{name}`; what is no parameter of the operation stays as it is."""

    def value(match: re.Match[str]) -> str:
        found = parameters.get(match[1])
        return match[0] if found is None else quote(found, safe=safe)

    return _PARAMETER.sub(value, template)
