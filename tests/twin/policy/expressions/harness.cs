// Runs expressions against stub contexts and prints what each yields. Compiled together with a generated file that
// holds the expressions as methods of the class Expressions. The interfaces are those that APIM documents.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

public interface IMessageBody { T As<T>(bool preserveContent = false); }
public interface IUrl { string Scheme { get; } string Host { get; } int Port { get; } string Path { get; } string QueryString { get; } IReadOnlyDictionary<string, string[]> Query { get; } }
public interface IRequest { string Method { get; } IUrl Url { get; } IUrl OriginalUrl { get; } IReadOnlyDictionary<string, string[]> Headers { get; } string IpAddress { get; } IMessageBody Body { get; } IReadOnlyDictionary<string, string> MatchedParameters { get; } }
public interface IResponse { int StatusCode { get; } string StatusReason { get; } IReadOnlyDictionary<string, string[]> Headers { get; } IMessageBody Body { get; } }
public interface ILastError { string Source { get; } string Reason { get; } string Message { get; } string Scope { get; } string Section { get; } string Path { get; } string PolicyId { get; } }
public interface IProxyRequestContext { IRequest Request { get; } IResponse Response { get; } ILastError LastError { get; } IReadOnlyDictionary<string, object> Variables { get; } Guid RequestId { get; } DateTime Timestamp { get; } TimeSpan Elapsed { get; } }

public static class ContextExtensions {
    public static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> map, string name, string fallback = null) {
        string[] found; return map.TryGetValue(name, out found) ? string.Join(",", found) : fallback; }
    public static string GetValueOrDefault(this IReadOnlyDictionary<string, string> map, string name, string fallback = null) {
        string found; return map.TryGetValue(name, out found) ? found : fallback; }
    public static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> map, string name, T fallback) {
        object found; return map.TryGetValue(name, out found) ? (T)found : fallback; }
    public static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> map, string name) {
        object found; return map.TryGetValue(name, out found) ? (T)found : default(T); }
    public static object GetValueOrDefault(this IReadOnlyDictionary<string, object> map, string name) {
        object found; return map.TryGetValue(name, out found) ? found : null; }
}

class Body : IMessageBody {
    string text; public Body(string t) { text = t; }
    public T As<T>(bool preserveContent = false) {
        if (typeof(T) == typeof(string)) return (T)(object)text;
        if (typeof(T) == typeof(byte[])) return (T)(object)Encoding.UTF8.GetBytes(text);
        if (typeof(T) == typeof(JObject)) return (T)(object)JObject.Parse(text);
        if (typeof(T) == typeof(JArray)) return (T)(object)JArray.Parse(text);
        if (typeof(T) == typeof(JToken)) return (T)(object)JToken.Parse(text);
        throw new NotSupportedException(); } }
class Url : IUrl { public string Scheme { get; set; } public string Host { get; set; } public int Port { get; set; } public string Path { get; set; } public string QueryString { get; set; } public IReadOnlyDictionary<string, string[]> Query { get; set; } }
class Request : IRequest { public string Method { get; set; } public IUrl Url { get; set; } public IUrl OriginalUrl { get { return Url; } } public IReadOnlyDictionary<string, string[]> Headers { get; set; } public string IpAddress { get; set; } public IMessageBody Body { get; set; } public IReadOnlyDictionary<string, string> MatchedParameters { get; set; } }
class Response : IResponse { public int StatusCode { get; set; } public string StatusReason { get; set; } public IReadOnlyDictionary<string, string[]> Headers { get; set; } public IMessageBody Body { get; set; } }
class LastError : ILastError { public string Source { get; set; } public string Reason { get; set; } public string Message { get; set; } public string Scope { get; set; } public string Section { get; set; } public string Path { get; set; } public string PolicyId { get; set; } }
class Context : IProxyRequestContext { public IRequest Request { get; set; } public IResponse Response { get; set; } public ILastError LastError { get; set; } public IReadOnlyDictionary<string, object> Variables { get; set; } public Guid RequestId { get; set; } public DateTime Timestamp { get; set; } public TimeSpan Elapsed { get; set; } }

static class Program {
    static IReadOnlyDictionary<string, string[]> Map(JToken json, IEqualityComparer<string> comparer) {
        return ((JObject)json).Properties().ToDictionary(p => p.Name, p => p.Value.Select(v => (string)v).ToArray(), comparer); }
    static object Variable(JToken json) {
        string kind = (string)json[0], text = (string)json[1];
        switch (kind) {
            case "string": return text; case "int": return int.Parse(text); case "long": return long.Parse(text);
            case "double": return double.Parse(text, CultureInfo.InvariantCulture); case "bool": return bool.Parse(text);
            case "DateTime": return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            case "JObject": return JObject.Parse(text); default: return null; } }
    static Context Load(JObject json) {
        var request = json["request"]; var url = request["url"]; var response = json["response"] as JObject; var error = json["lastError"] as JObject;
        return new Context {
            Request = new Request {
                Method = (string)request["method"], IpAddress = (string)request["ip"],
                Url = new Url { Scheme = (string)url["scheme"], Host = (string)url["host"], Port = (int)url["port"], Path = (string)url["path"], QueryString = (string)url["queryString"], Query = Map(url["query"], StringComparer.OrdinalIgnoreCase) },
                Headers = Map(request["headers"], StringComparer.OrdinalIgnoreCase),
                Body = request["body"].Type == JTokenType.Null ? null : new Body((string)request["body"]),
                MatchedParameters = ((JObject)request["parameters"]).Properties().ToDictionary(p => p.Name, p => (string)p.Value) },
            Response = response == null ? null : new Response { StatusCode = (int)response["status"], StatusReason = (string)response["reason"], Headers = Map(response["headers"], StringComparer.OrdinalIgnoreCase), Body = new Body((string)response["body"]) },
            LastError = error == null ? null : new LastError { Source = (string)error["source"], Reason = (string)error["reason"], Message = (string)error["message"], Scope = (string)error["scope"], Section = (string)error["section"], Path = (string)error["path"], PolicyId = (string)error["policyId"] },
            Variables = ((JObject)json["variables"]).Properties().ToDictionary(p => p.Name, p => Variable(p.Value)),
            RequestId = new Guid("01234567-89ab-cdef-0123-456789abcdef"), Timestamp = new DateTime(2024, 5, 1, 10, 0, 0, DateTimeKind.Utc), Elapsed = TimeSpan.FromMilliseconds(1500) }; }

    static JToken Encode(object value, int depth = 0) {
        if (value == null) return new JArray("null");
        var type = value.GetType();
        if (depth > 6) return new JArray("deep");
        if (value is double) return new JArray("Double", ((double)value).ToString("R", CultureInfo.InvariantCulture));
        if (value is float) return new JArray("Single", ((float)value).ToString("R", CultureInfo.InvariantCulture));
        if (value is decimal) return new JArray("Decimal", ((decimal)value).ToString(CultureInfo.InvariantCulture));
        if (value is DateTime) return new JArray("DateTime", ((DateTime)value).Ticks.ToString(), ((DateTime)value).Kind.ToString());
        if (value is DateTimeOffset) return new JArray("DateTimeOffset", ((DateTimeOffset)value).Ticks.ToString(), ((DateTimeOffset)value).Offset.Ticks.ToString());
        if (value is TimeSpan) return new JArray("TimeSpan", ((TimeSpan)value).Ticks.ToString());
        if (value is JToken) return new JArray(type.Name, ((JToken)value).ToString(Formatting.None));
        if (type.IsEnum) return new JArray("Enum", type.Name, value.ToString());
        if (type.IsPrimitive || value is string || value is Guid) return new JArray(type.Name, Convert.ToString(value, CultureInfo.InvariantCulture));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) {
            dynamic pair = value; return new JArray("Pair", Encode((object)pair.Key, depth + 1), Encode((object)pair.Value, depth + 1)); }
        if (value is IEnumerable) {
            var name = type.IsArray ? "Array" : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? "List" : "Sequence";
            return new JArray(name, new JArray(((IEnumerable)value).Cast<object>().Select(item => Encode(item, depth + 1)).ToArray<object>())); }
        if (type.Name.Contains("AnonType")) return new JArray("Anonymous", JsonConvert.SerializeObject(value));
        return new JArray("Object", value.ToString()); }

    static void Main(string[] args) {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        System.Threading.Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
        var contexts = JsonConvert.DeserializeObject<JObject>(File.ReadAllText(args[0]), new JsonSerializerSettings { DateParseHandling = DateParseHandling.None });
        var answers = new JObject();
        foreach (var method in typeof(Expressions).GetMethods(BindingFlags.Static | BindingFlags.Public).Where(m => m.Name.StartsWith("E"))) {
            var byContext = new JObject();
            foreach (var entry in contexts.Properties()) {
                try { byContext[entry.Name] = Encode(method.Invoke(null, new object[] { Load((JObject)entry.Value) })); }
                catch (TargetInvocationException e) { byContext[entry.Name] = new JArray("throws", e.InnerException.GetType().FullName); }
                catch (Exception e) { byContext[entry.Name] = new JArray("throws", e.GetType().FullName); }
            }
            answers[method.Name] = byContext;
        }
        Console.WriteLine(answers.ToString(Formatting.None)); }
}
