"""`context`: the call and all that hangs on it."""

import uuid
from collections.abc import Callable
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ... import context as c
from .. import types as t
from ..dictionaries import Dictionary
from ..errors import Thrown
from ..guids import Guid
from ..json_casts import parse_as
from ..times import DateTime, TimeSpan, from_unix
from ..values import Array, NetList, register
from .signature import Attribute, Typed

for _python, _name in (
    (c.Request, "IRequest"),
    (c.Response, "IResponse"),
    (c.Api, "IApi"),
    (c.Operation, "IOperation"),
    (c.Product, "IProduct"),
    (c.Group, "IGroup"),
    (c.Subscription, "ISubscription"),
    (c.User, "IUser"),
    (c.Identity, "IUserIdentity"),
    (c.Deployment, "IDeployment"),
    (c.GatewayInfo, "IGateway"),
    (c.LastError, "ILastError"),
    (c.Url, "IUrl"),
    (c.KeyNames, "ISubscriptionKeyParameterNames"),
):
    register(_python, t.make(_name))


def _strings(name: str) -> Callable[[Any], Array]:
    get = attrgetter(name)
    return lambda owner: Array(get(owner), t.STRING)


def _moment(name: str) -> Callable[[Any], DateTime | None]:
    get = attrgetter(name)
    return lambda owner: None if (seconds := get(owner)) is None else from_unix(seconds)


def _elapsed(context: c.Context) -> TimeSpan:
    return TimeSpan(round((context.now() - context.timestamp) * 1_000_000) * 10)


def _read(wanted: t.Type, body: c.Body, preserve: bool) -> Any:
    """IMessageBody.As<T>: the body as text, bytes or JSON."""
    data = body.read(preserve=preserve)
    if wanted.name == "[]":
        return Array(data, t.BYTE)
    text = data.decode("utf-8-sig", "replace")
    if wanted is t.STRING:
        return text
    if not t.is_json(wanted):
        raise Thrown("System.NotSupportedException", f"The body cannot be read as '{wanted}'.")
    if not text.strip():
        kind = "JsonReaderException"
        message = f"Error reading {wanted} from JsonReader. Path '', line 0, position 0."
        raise Thrown(f"Newtonsoft.Json.{kind}", message)
    return parse_as(text, wanted)


def _form(body: c.Body, preserve: bool) -> Dictionary:
    values = t.make("IList", t.STRING)
    made = Dictionary(t.STRING, values)
    for name, value in parse_qsl(body.read(preserve=preserve).decode(), keep_blank_values=True):
        found = made.find(name)
        if found is None:
            made.add(name, NetList([value], t.STRING))
        else:
            found.value.append(value)
    return made


def _form_text(form: Dictionary) -> str:
    return urlencode([(pair.key, value) for pair in form for value in pair.value])


def url_text(url: c.Url) -> str:
    """The whole address; a scheme's own port is left out."""
    port = "" if url.port in ({"http": 80, "https": 443}.get(url.scheme), 0) else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}{url.path}{url.query_string}"


def _trace(context: c.Context, message: str) -> None:
    context.trace(message)


MEMBERS: dict[str, Any] = {
    "IRequest! IProxyRequestContext.Request": Attribute("request"),
    "IResponse IProxyRequestContext.Response": Attribute("response"),
    "IReadOnlyDictionary<string, object>! IProxyRequestContext.Variables": Attribute("variables"),
    "ILastError IProxyRequestContext.LastError": Attribute("last_error"),
    "IApi IProxyRequestContext.Api": Attribute("api"),
    "IOperation IProxyRequestContext.Operation": Attribute("operation"),
    "IProduct IProxyRequestContext.Product": Attribute("product"),
    "ISubscription IProxyRequestContext.Subscription": Attribute("subscription"),
    "IUser IProxyRequestContext.User": Attribute("user"),
    "IDeployment IProxyRequestContext.Deployment": Attribute("deployment"),
    "Guid IProxyRequestContext.RequestId": lambda context: Guid(uuid.UUID(context.request_id)),
    "DateTime IProxyRequestContext.Timestamp": _moment("timestamp"),
    "TimeSpan IProxyRequestContext.Elapsed": _elapsed,
    "bool IProxyRequestContext.Tracing": Attribute("tracing"),
    "void IProxyRequestContext.Trace(string message)": _trace,
    # Request and response
    "string IRequest.Method": Attribute("method"),
    "string IRequest.IpAddress": Attribute("ip_address"),
    "IUrl! IRequest.Url": Attribute("url"),
    "IUrl! IRequest.OriginalUrl": Attribute("original_url"),
    "IReadOnlyDictionary<string, string[]>! IRequest.Headers\n"
    "IReadOnlyDictionary<string, string[]>! IResponse.Headers": Attribute("headers"),
    "IReadOnlyDictionary<string, string> IRequest.MatchedParameters": Attribute("matched_parameters"),
    "IMessageBody IRequest.Body\nIMessageBody IResponse.Body": Attribute("body"),
    "int IResponse.StatusCode": Attribute("status_code"),
    "string IResponse.StatusReason": Attribute("status_reason"),
    "T IMessageBody.As<T>(bool preserveContent = false)": Typed(_read),
    "IDictionary<string, IList<string>> IMessageBody.AsFormUrlEncodedContent(bool preserveContent = false)": _form,
    "string IUrl.Scheme": Attribute("scheme"),
    "string IUrl.Host": Attribute("host"),
    "int IUrl.Port": Attribute("port"),
    "string IUrl.Path": Attribute("path"),
    "string IUrl.QueryString": Attribute("query_string"),
    "IReadOnlyDictionary<string, string[]> IUrl.Query": Attribute("query"),
    "string IUrl.ToString()": url_text,
    # LastError
    **{
        f"string ILastError.{name}": Attribute(attribute)
        for name, attribute in {
            "Source": "source",
            "Reason": "reason",
            "Message": "message",
            "Scope": "scope",
            "Section": "section",
            "Path": "path",
            "PolicyId": "policy_id",
        }.items()
    },
    # Api, operation, product
    "string IApi.Id\nstring IOperation.Id\nstring IProduct.Id\nstring IGroup.Id\nstring ISubscription.Id\n"
    "string IUser.Id\nstring IUserIdentity.Id\nstring IGateway.Id": Attribute("id"),
    "string IApi.Name\nstring IOperation.Name\nstring IProduct.Name\nstring IGroup.Name\nstring ISubscription.Name": (
        Attribute("name")
    ),
    "string IApi.Path": Attribute("path"),
    "string IApi.Revision": Attribute("revision"),
    "string IApi.Version": Attribute("version"),
    "bool IApi.IsCurrentRevision": Attribute("is_current_revision"),
    "IUrl IApi.ServiceUrl": Attribute("service_url"),
    "IEnumerable<string> IApi.Protocols": _strings("protocols"),
    "ISubscriptionKeyParameterNames IApi.SubscriptionKeyParameterNames": Attribute("key_names"),
    "string ISubscriptionKeyParameterNames.Header": Attribute("header"),
    "string ISubscriptionKeyParameterNames.Query": Attribute("query"),
    "string IOperation.Method": Attribute("method"),
    "string IOperation.UrlTemplate": Attribute("url_template"),
    "IEnumerable<IApi> IProduct.Apis": Attribute("apis"),
    "IEnumerable<IGroup> IProduct.Groups\nIEnumerable<IGroup> IUser.Groups": Attribute("groups"),
    "bool IProduct.ApprovalRequired": Attribute("approval_required"),
    "ProductState IProduct.State": lambda product: int(product.published),
    "int? IProduct.SubscriptionLimit\nint? IProduct.SubscriptionsLimit": Attribute("subscription_limit"),
    "bool IProduct.SubscriptionRequired": Attribute("subscription_required"),
    # Subscription, user, deployment
    "string ISubscription.Key": Attribute("key"),
    "string ISubscription.PrimaryKey": Attribute("primary_key"),
    "string ISubscription.SecondaryKey": Attribute("secondary_key"),
    "DateTime ISubscription.CreatedDate": _moment("created"),
    "DateTime? ISubscription.StartDate": _moment("start"),
    "DateTime? ISubscription.EndDate": _moment("end"),
    "string IUser.Email": Attribute("email"),
    "string IUser.FirstName": Attribute("first_name"),
    "string IUser.LastName": Attribute("last_name"),
    "string IUser.Note": Attribute("note"),
    "DateTime IUser.RegistrationDate": _moment("registered"),
    "IEnumerable<IUserIdentity> IUser.Identities": Attribute("identities"),
    "string IUserIdentity.Provider": Attribute("provider"),
    "string IDeployment.Region": Attribute("region"),
    # The release notes of 2022 call ServiceId the service's name.
    "string IDeployment.ServiceName\nstring IDeployment.ServiceId": Attribute("service_name"),
    "string IDeployment.GatewayId": Attribute("gateway.id"),
    "IGateway IDeployment.Gateway": Attribute("gateway"),
    "string IGateway.InstanceId": Attribute("instance_id"),
    "bool IGateway.IsManaged": Attribute("is_managed"),
}
EXTENSIONS: dict[str, Any] = {
    "string IDictionary<string, IList<string>>.ToFormUrlEncodedContent()": _form_text,
}
