"""https://learn.microsoft.com/azure/api-management/ip-filter-policy"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from ..compiler import Source, Value, element
from ..context import Context
from ..errors import error_response
from ..exchange import Exchange
from ..fault import PolicyFault


@element("ip-filter")
@dataclass(frozen=True)
class IpFilter:
    """Refuses a call with 403 whose address is none of those that are allowed, or one of those that are forbidden."""

    action: Value[str]
    ranges: tuple[tuple[Value[str], Value[str]], ...]

    @classmethod
    def compiled(cls, source: Source) -> Self:
        single = [one.content() for one in source.children("address")]
        ranges = [(one.text("from"), one.text("to")) for one in source.children("address-range")]
        return cls(source.text("action"), (*((one, one) for one in single), *ranges))

    def run(self, exchange: Exchange) -> None:
        context = exchange.context
        caller, allows = context.request.ip_address, self.action(context).lower() == "allow"
        if self._lists(caller, context) is allows:
            return
        answer = error_response(403, context.request_id)
        if allows:
            message = f"Caller IP address {caller} is not allowed. Access denied."
            raise PolicyFault("CallerIpNotAllowed", message, answer=answer)
        raise PolicyFault("CallerIpBlocked", "Caller IP address is blocked. Access denied.", answer=answer)

    def _lists(self, caller: str, context: Context) -> bool:
        """Raises PolicyFault where one of the texts is no address."""
        try:
            address = ip_address(caller)
            pairs = [(ip_address(low(context).strip()), ip_address(high(context).strip())) for low, high in self.ranges]
        except ValueError as error:
            raise PolicyFault("FailedToParseCallerIP", f"{error}. Access denied.") from error
        return any(
            low.version == high.version == address.version and int(low) <= int(address) <= int(high)
            for low, high in pairs
        )
