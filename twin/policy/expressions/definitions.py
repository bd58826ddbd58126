"""The types of .NET that Microsoft allows in policy expressions, by name. Data.

https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """What is known of a type by its name. `bases` are written with the type's own parameters T, U, ...."""

    full_name: str
    kind: str = "class"
    bases: tuple[str, ...] = ()
    members: Mapping[str, int] | None = None  # of an enum


def _enum(full_name: str, text: str) -> Definition:
    members: dict[str, int] = {}
    following = 0
    for word in text.split():
        name, _, number = word.partition("=")
        members[name] = int(number) if number else following
        following = members[name] + 1
    return Definition(full_name, "enum", (), members)


def _struct(full_name: str, *bases: str) -> Definition:
    return Definition(full_name, "struct", bases)


def _class(full_name: str, *bases: str) -> Definition:
    return Definition(full_name, "class", bases)


_NAMESPACES = {
    "Newtonsoft.Json": "JsonConvert",
    "System": "Math Convert Random Uri StringComparer BitConverter Tuple Array Nullable",
    "System.Text": "Encoding StringBuilder",
    "System.Text.RegularExpressions": "Regex Capture",
    "System.Net": "WebUtility IPAddress",
    "System.Linq": "Enumerable",
    "System.Security.Cryptography": "HashAlgorithm",
    "System.Security.Cryptography.X509Certificates": "X509Certificate2",
}

DEFINITIONS: dict[str, Definition] = {
    "object": _class("System.Object"),
    "void": _struct("System.Void"),
    "string": _class("System.String", "IEnumerable<char>"),
    "bool": _struct("System.Boolean"),
    "char": _struct("System.Char"),
    "sbyte": _struct("System.SByte"),
    "byte": _struct("System.Byte"),
    "short": _struct("System.Int16"),
    "ushort": _struct("System.UInt16"),
    "int": _struct("System.Int32"),
    "uint": _struct("System.UInt32"),
    "long": _struct("System.Int64"),
    "ulong": _struct("System.UInt64"),
    "float": _struct("System.Single"),
    "double": _struct("System.Double"),
    "decimal": _struct("System.Decimal"),
    "DateTime": _struct("System.DateTime"),
    "DateTimeOffset": _struct("System.DateTimeOffset"),
    "TimeSpan": _struct("System.TimeSpan"),
    "Guid": _struct("System.Guid"),
    "Exception": _class("System.Exception"),
    # Delegates
    "Func": Definition("System.Func", "delegate"),
    "Action": Definition("System.Action", "delegate"),
    "Predicate": Definition("System.Predicate", "delegate"),
    "Comparison": Definition("System.Comparison", "delegate"),
    # Collections
    "IEnumerable": _class("System.Collections.Generic.IEnumerable"),
    "IOrderedEnumerable": _class("System.Linq.IOrderedEnumerable", "IEnumerable<T>"),
    "IReadOnlyCollection": _class("System.Collections.Generic.IReadOnlyCollection", "IEnumerable<T>"),
    "IReadOnlyList": _class("System.Collections.Generic.IReadOnlyList", "IReadOnlyCollection<T>"),
    "ICollection": _class("System.Collections.Generic.ICollection", "IEnumerable<T>"),
    "IList": _class("System.Collections.Generic.IList", "ICollection<T>"),
    "List": _class("System.Collections.Generic.List", "IList<T>", "IReadOnlyList<T>"),
    "[]": _class("System.Array", "IList<T>", "IReadOnlyList<T>"),
    "ISet": _class("System.Collections.Generic.ISet", "ICollection<T>"),
    "HashSet": _class("System.Collections.Generic.HashSet", "ISet<T>"),
    "Queue": _class("System.Collections.Generic.Queue", "IReadOnlyCollection<T>"),
    "Stack": _class("System.Collections.Generic.Stack", "IReadOnlyCollection<T>"),
    "KeyValuePair": _struct("System.Collections.Generic.KeyValuePair"),
    "IReadOnlyDictionary": _class(
        "System.Collections.Generic.IReadOnlyDictionary", "IReadOnlyCollection<KeyValuePair<T, U>>"
    ),
    "IDictionary": _class("System.Collections.Generic.IDictionary", "ICollection<KeyValuePair<T, U>>"),
    "Dictionary": _class("System.Collections.Generic.Dictionary", "IDictionary<T, U>", "IReadOnlyDictionary<T, U>"),
    "IGrouping": _class("System.Linq.IGrouping", "IEnumerable<U>"),
    "ILookup": _class("System.Linq.ILookup", "IEnumerable<IGrouping<T, U>>"),
    # JSON
    "JToken": _class("Newtonsoft.Json.Linq.JToken", "IEnumerable<JToken>"),
    "JContainer": _class("Newtonsoft.Json.Linq.JContainer", "JToken"),
    "JObject": _class("Newtonsoft.Json.Linq.JObject", "JContainer", "IEnumerable<KeyValuePair<string, JToken>>"),
    "JArray": _class("Newtonsoft.Json.Linq.JArray", "JContainer", "IList<JToken>"),
    "JProperty": _class("Newtonsoft.Json.Linq.JProperty", "JContainer"),
    "JValue": _class("Newtonsoft.Json.Linq.JValue", "JToken"),
    "JTokenType": _enum(
        "Newtonsoft.Json.Linq.JTokenType",
        "None Object Array Constructor Property Comment Integer Float String Boolean Null Undefined Date Raw Bytes "
        "Guid Uri TimeSpan",
    ),
    "Formatting": _enum("Newtonsoft.Json.Formatting", "None Indented"),
    # Text
    "Group": _class("System.Text.RegularExpressions.Group", "Capture"),
    "Match": _class("System.Text.RegularExpressions.Match", "Group"),
    "MatchCollection": _class("System.Text.RegularExpressions.MatchCollection", "IEnumerable<Match>"),
    "GroupCollection": _class("System.Text.RegularExpressions.GroupCollection", "IEnumerable<Group>"),
    "CaptureCollection": _class("System.Text.RegularExpressions.CaptureCollection", "IEnumerable<Capture>"),
    "RegexOptions": _enum(
        "System.Text.RegularExpressions.RegexOptions",
        "None=0 IgnoreCase=1 Multiline=2 ExplicitCapture=4 Compiled=8 Singleline=16 IgnorePatternWhitespace=32 "
        "RightToLeft=64 ECMAScript=256 CultureInvariant=512",
    ),
    "StringComparison": _enum(
        "System.StringComparison",
        "CurrentCulture CurrentCultureIgnoreCase InvariantCulture InvariantCultureIgnoreCase Ordinal OrdinalIgnoreCase",
    ),
    "StringSplitOptions": _enum("System.StringSplitOptions", "None RemoveEmptyEntries"),
    "MidpointRounding": _enum("System.MidpointRounding", "ToEven AwayFromZero"),
    "DayOfWeek": _enum("System.DayOfWeek", "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
    "DateTimeKind": _enum("System.DateTimeKind", "Unspecified Utc Local"),
    "UriPartial": _enum("System.UriPartial", "Scheme Authority Path Query"),
    # Hashes
    **{
        name: _class(f"System.Security.Cryptography.{name}", "HashAlgorithm")
        for name in [
            "MD5",
            "SHA1",
            "SHA256",
            "SHA384",
            "SHA512",
            "HMACMD5",
            "HMACSHA1",
            "HMACSHA256",
            "HMACSHA384",
            "HMACSHA512",
            "SHA1Managed",
            "SHA256Managed",
            "SHA384Managed",
            "SHA512Managed",
        ]
    },
    # What an expression sees of the call
    **{
        name: _class(name)
        for name in [
            "IProxyRequestContext",
            "IRequest",
            "IResponse",
            "IApi",
            "IOperation",
            "IProduct",
            "IGroup",
            "ISubscription",
            "IUser",
            "IUserIdentity",
            "IDeployment",
            "IGateway",
            "ILastError",
            "IMessageBody",
            "IUrl",
            "ISubscriptionKeyParameterNames",
            "Jwt",
            "BasicAuthCredentials",
            "Authorization",
        ]
    },
    "ProductState": _enum("ProductState", "NotPublished Published"),
    **{name: _class(f"{space}.{name}") for space, names in _NAMESPACES.items() for name in names.split()},
}

# On Microsoft's list of allowed types, but nothing behind them here.
NOT_YET = frozenset(
    [
        "XElement",
        "XDocument",
        "XAttribute",
        "XName",
        "XNamespace",
        "XNode",
        "XObject",
        "XText",
        "XCData",
        "XComment",
        "XContainer",
        "XDeclaration",
        "XDocumentType",
        "XProcessingInstruction",
        "XNodeType",
        "XmlNodeType",
        "StringReader",
        "StringWriter",
        "TimeZone",
        "TimeZoneInfo",
        "X509Certificate",
        "RSA",
        "RSACryptoServiceProvider",
        "RNGCryptoServiceProvider",
        "SymmetricAlgorithm",
        "AsymmetricAlgorithm",
        "Oid",
        "PublicKey",
        "JConstructor",
        "JRaw",
        "HMAC",
        "KeyedHashAlgorithm",
        "IEnumerator",
    ]
)

NAMESPACES_NOT_YET = ("System.Xml.Linq.", "System.IO.")
"""Where some of those are, and nothing that is known."""

# Types of .NET that are not on the list and that people try: told from names that do not exist at all.
FORBIDDEN = {
    name: f"{space}.{name}"
    for space, names in {
        "System": "Environment Console Type Activator GC AppDomain Enum Lazy Delegate Buffer Version "
        "ArgumentException ArgumentNullException ArgumentOutOfRangeException FormatException OverflowException "
        "InvalidOperationException InvalidCastException NullReferenceException NotSupportedException UriKind "
        "UriBuilder StringNormalizationExtensions DBNull EventArgs Attribute Progress",
        "System.IO": "File Directory Path Stream MemoryStream StreamReader StreamWriter FileInfo IOException",
        "System.Threading": "Thread Interlocked Monitor Timer CancellationToken",
        "System.Threading.Tasks": "Task Parallel",
        "System.Globalization": "CultureInfo NumberStyles DateTimeStyles DateTimeFormatInfo NumberFormatInfo",
        "System.Net": "WebClient HttpWebRequest Dns HttpStatusCode WebRequest",
        "System.Net.Http": "HttpClient HttpRequestMessage HttpMethod",
        "System.Diagnostics": "Process Stopwatch Debug Trace",
        "System.Reflection": "Assembly MethodInfo BindingFlags",
        "System.Linq": "Expression Queryable",
        "System.Collections.Generic": "SortedDictionary SortedList LinkedList KeyNotFoundException EqualityComparer",
        "System.Collections": "ArrayList Hashtable",
        "Newtonsoft.Json": "JsonSerializer JsonSerializerSettings JsonReader JsonTextReader JsonException "
        "JsonReaderException NullValueHandling",
        "System.Text.Json": "JsonSerializer JsonDocument JsonElement",
        "System.Xml": "XmlDocument XmlReader XmlNode",
    }.items()
    for name in names.split()
}


def _listed(types: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((type, name) for type, names in types.items() for name in names.split())


# Microsoft's list names the members of these types one by one; these are the others that people try.
FORBIDDEN_MEMBERS = _listed(
    {
        "DateTime": "TryParse TryParseExact ParseExact FromBinary FromFileTime FromFileTimeUtc FromOADate Kind "
        "SpecifyKind ToLocalTime ToUniversalTime ToShortDateString ToLongDateString ToShortTimeString "
        "ToLongTimeString ToBinary ToFileTime ToOADate Compare CompareTo Equals GetHashCode",
        "JsonConvert": "PopulateObject SerializeXmlNode DeserializeXmlNode ToString True False Null DefaultSettings "
        "DeserializeAnonymousType SerializeXNode DeserializeXNode",
        "Regex": "Escape Options ToString GroupNameFromNumber GetGroupNames CacheSize RightToLeft",
    }
)
