using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using BatchEmulator.Contract;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>Generates requests from numbers: the same number gives the same request.</summary>
internal sealed class HostileRequests
{
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO", "post", "P\0ST", "CONNECT"];

    private static readonly string[] Paths =
    [
        "/", "//", "/v1", "/v1/", "/v1/submitjob/", "/v1/SubmitJob", "/v1//submitjob", "/v1/%73ubmitjob", "/v1/submitjob%00", "/v1/submitjob?x=%zz&y=%", "/v1/submitjob?a=1&a=2",
        "/v1/submitjob#f", "/v1/../v1/submitjob", "/v1/%2e%2e/submitjob", "/v1/submitjob;a=b", "/v1/nope", "/v2/submitjob", "/%", "/%zz", "/%00", "/%ff", "/%c0%af", "/%ed%a0%80",
        "*", "", "http://localhost/v1/submitjob", "http://[/", "ftp://x/", "/v1/submitjob?X-Amz-Credential=a/b/c", "/v1/submitjob?X-Amz-Credential=%2F%2F%2F%2F%2F",
        "/v1/tags", "/v1/tags/", "/v1/tags//", "/v1/tags/%", "/v1/tags/%2", "/v1/tags/%zz", "/v1/tags/%00", "/v1/tags/%ED%A0%80", "/v1/tags/%FF", "/v1/tags/a%2Fb", "/v1/tags/%252F",
        "/v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A000000000000%3Ajob-queue%2Fq", "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-queue/q",
        "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-queue/q?tagKeys=a&tagKeys=b", "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-queue/q?tagKeys=",
        "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-queue/q?tagKeys=%00&tagKeys=%ED%A0%80", "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-queue/q?tagKeys",
        "/v1/tags/arn:aws:batch:us-east-1:000000000000:job/00000000-0000-0000-0000-000000000000", "/v1/tags/arn:aws:batch:us-east-1:000000000000:job/x:1",
        "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-definition/d:1", "/v1/tags/arn:aws:batch:eu-west-1:000000000000:job-queue/q",
        "/_emulator", "/_emulator/", "/_emulator/health", "/_emulator/health/", "/_emulator/info?x=%zz", "/_emulator/nope", "/_Emulator/health", "/_emulator/%68ealth", "/_emulator/info%00",
    ];

    private static readonly string[] Headers =
    [
        "Origin: null", "Origin: http://evil.example", "Origin: ", "Origin: http://[", "Origin: http://localhost", "Origin: file://", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: \u00e9",
        "Authorization: ", "Authorization: AWS4-HMAC-SHA256", "Authorization: Credential=", "Authorization: Credential=////", "Authorization: Credential=a/b/c/d/e/f/g/h",
        "Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/batch/aws4_request, Signature=x", "Authorization: Credential=1234567890123/d/US EAST/b/r",
        "Authorization: Credential=123456789012/d/us-east-1\u00e9/batch/aws4_request", "Authorization: Basic Og==", "Content-Type: text/plain; charset=utf-16", "Content-Type: ;;;", "Content-Type: ",
        "Content-Encoding: gzip", "X-Amz-Target: ", "X-Amz-Target: Logs_20140328.", "X-Amz-Target: Logs_20140328.Nope", "X-Amz-Target: AWSBatch.SubmitJob", "x-amz-target: logs_20140328.GetLogEvents",
        "X-Amz-Date: x", "Accept-Encoding: identity;q=9", "Cookie: a=\u0001", "X-Forwarded-For: '", "Connection: keep-alive, close", "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Upgrade: websocket\r\nConnection: Upgrade", "Expect: 100-continue", "Expect: 200-ok", "Range: bytes=0-", "If-None-Match: *", ": empty", "No colon", " Folded: a", "Bad Name: a", "X-Nul: a\0b", "X-Ctl: a\u0007b",
        "Keep-Alive: timeout=99999999999", "TE: trailers", "X-HTTP-Method-Override: DELETE", "Content-Length : 3",
    ];

    private static readonly string[] Hosts =
        ["", "evil.example", "evil.example.", "a b", "[::1", "[::1]:1", "localhost:99999", "localhost:", "127.0.0.1:0", "user@localhost", "localhost/x", "\u00e9.localhost", "a.localhost", ".", "..", "127.1", "0x7f.1"];

    /// <summary>Operations with the shapes of their requests.</summary>
    private static readonly (Operation Operation, JsonTypeInfo Shape, bool IsLogs)[] Operations =
    [
        .. Contract.Batch.Operations.All.Select(o => (o, ShapeOf(o, BatchJson.Wire), false)),
        .. Contract.Logs.Operations.All.Select(o => (o, ShapeOf(o, LogsJson.Wire), true)),
    ];

    /// <summary>Operations of most requests: they reach the engine.</summary>
    private static readonly (Operation Operation, JsonTypeInfo Shape, bool IsLogs)[] Favourites =
        [.. Operations.Where(o => o.Operation.Name is "SubmitJob" or "RegisterJobDefinition" or "CreateComputeEnvironment" or "CreateJobQueue" or "DescribeJobs" or "ListJobs")];

    private readonly string _host;
    private readonly Random _random;
    private readonly HostileJson _json;

    private HostileRequests(string host, int seed)
    {
        _host = host;
        _random = new Random(seed);
        _json = new HostileJson(_random);
    }

    public static HostileRequest Make(string host, int seed) => new HostileRequests(host, seed).Make();

    private HostileRequest Make()
    {
        var (operation, shape, isLogs) = Chance(0.4)
            ? Any<(Operation, JsonTypeInfo, bool)>(Favourites)
            : Any<(Operation, JsonTypeInfo, bool)>(Operations);
        var method = operation.Method;
        var path = isLogs
            ? "/"
            : operation.Route.Replace("{resourceArn}", "arn:aws:batch:us-east-1:000000000000:job-queue%2Fq", StringComparison.Ordinal);
        var body = Body(shape);
        List<string> headers = isLogs ? ["X-Amz-Target: " + operation.Route] : [];
        headers.Add("Content-Type: application/json");
        var (host, version) = (_host, "HTTP/1.1");
        switch (_random.Next(12))
        {
            case 0:
                method = Any(Methods);
                break;
            case 1 or 2:
                path = Chance(0.003) ? "/" + new string('a', 70_000) : Any(Paths);
                method = Any("GET", "POST", "DELETE", operation.Method);
                break;
            case 3 or 4:
                headers.Add(Chance(0.003) ? "X-Long: " + new string('a', 40_000) : Any(Headers));
                break;
            case 5:
                host = Any(Hosts);
                break;
            case 6 when Chance(0.2):
                // Refused from a page of another site: it would empty the server, and the rest of the run would show it.
                (method, path) = ("POST", "/_emulator/reset");
                headers.Add(Any("Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"));
                break;
            case 7 when Chance(0.05):
                version = Any("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/1.10", "http/1.1", "");
                break;
        }

        return Framed(method, path, version, host, headers, body);
    }

    private byte[] Body(JsonTypeInfo shape)
    {
        var document = _json.Document(shape, Any(0, 0.01, 0.05, 0.3));
        return _random.Next(40) switch
        {
            0 => document[.._random.Next(document.Length + 1)],
            1 => Spliced(
                document, Any<byte[]>([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0], [0xf4, 0x90, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0x1b])),
            2 => [0xef, 0xbb, 0xbf, .. document],
            3 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(document)),
            4 => [.. document, .. Any<byte[]>("{}"u8.ToArray(), " "u8.ToArray(), "x"u8.ToArray(), [0])],
            5 => Encoding.UTF8.GetBytes(Any("", " ", "null", "[]", "1", "\"\"", "true", "{", "}", "{\"", "\0", "<a/>", "a=b", "{\"a\"}", "{,}", "{\"a\":1,}", "{} {}")),
            6 when Chance(0.02) => [.. "{\"jobName\":\""u8, .. Encoding.UTF8.GetBytes(new string('a', Any(31_000, 1_100_000))), .. "\"}"u8],
            _ => document,
        };
    }

    private HostileRequest Framed(string method, string path, string version, string host, List<string> headers, byte[] body)
    {
        var isOrdinary = version == "HTTP/1.1" && method is not ("CONNECT" or "P\0ST")
            && headers.TrueForAll(h => !h.StartsWith("Content-Length ", StringComparison.Ordinal));
        (var framing, body) = Delimited(headers, body);
        if (framing == Framing.Whole && !isOrdinary)
        {
            framing = Framing.Broken;
        }

        var head = new StringBuilder().Append(method).Append(' ').Append(path).Append(version.Length == 0 ? "" : " ").Append(version)
            .Append("\r\n");
        if (!Chance(0.003))
        {
            head.Append("Host: ").Append(host).Append("\r\n");
        }

        headers.ForEach(h => head.Append(h).Append("\r\n"));
        var start = Chance(0.5)
            ? Encoding.Latin1.GetBytes(head.Append("\r\n").ToString())
            : Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
        return new([.. start, .. body], framing, method == "HEAD", version != "HTTP/1.1");
    }

    /// <summary>Adds the headers that say where the body ends: rightly, or not.</summary>
    private (Framing Framing, byte[] Body) Delimited(List<string> headers, byte[] body)
    {
        var framing = Framing.Whole;
        var length = body.Length.ToString(CultureInfo.InvariantCulture);
        switch (_random.Next(60))
        {
            case 0 or 1 or 2:
                headers.Add("Transfer-Encoding: chunked");
                body = Chunked(body);
                break;
            case 3:
                framing = Framing.Broken;
                headers.Add("Transfer-Encoding: " + Any("gzip", "gzip, chunked", "chunked, chunked", "identity", "x"));
                body = Chunked(body);
                break;
            case 4:
                framing = Framing.Broken;
                headers.Add("Transfer-Encoding: chunked");
                headers.Add("Content-Length: " + length);
                body = Chunked(body);
                break;
            case 5:
                framing = Framing.Broken;
                headers.Add("Transfer-Encoding: chunked");
                body = Encoding.ASCII.GetBytes(Any("zz\r\n{}\r\n0\r\n\r\n", "ffffffffffffffff1\r\n{}", "-1\r\n", "2;x\r\n{}\r\n0\r\n\r\n", "2\r\n{}XX0\r\n\r\n", "0\r\nBad Trailer\r\n\r\n", "2\n{}\n0\n\n"));
                break;
            case 6:
                framing = Framing.Broken;
                headers.Add("Content-Length: " + Any("-1", "abc", "1e3", "99999999999999999999", "9223372036854775807", "2147483648", " ", "1, 2", "0x10", length + "\r\nContent-Length: 7"));
                break;
            case 7:
                framing = Framing.Cut;
                if (Chance(0.2))
                {
                    headers.Add("Transfer-Encoding: chunked");
                    body = "7fffffff\r\n{}"u8.ToArray();
                    break;
                }

                headers.Add("Content-Length: " + (body.Length + _random.Next(1, 1000)).ToString(CultureInfo.InvariantCulture));
                break;
            case 8:
                framing = Framing.Broken;
                headers.Add("Content-Length: " + (body.Length / 2).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                if (body.Length > 0 || Chance(0.5))
                {
                    headers.Add("Content-Length: " + length);
                }

                break;
        }

        return (framing, body);
    }

    private byte[] Chunked(byte[] body)
    {
        var chunks = new List<byte>();
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, _random.Next(1, 2_000));
            chunks.AddRange(Encoding.ASCII.GetBytes(size.ToString(Any("x", "X", "x8"), CultureInfo.InvariantCulture)));
            chunks.AddRange("\r\n"u8);
            chunks.AddRange(body.AsSpan(at, size));
            chunks.AddRange("\r\n"u8);
            at += size;
        }

        chunks.AddRange("0\r\n\r\n"u8);
        return [.. chunks];
    }

    private byte[] Spliced(byte[] document, byte[] bytes)
    {
        var at = _random.Next(document.Length + 1);
        return [.. document.AsSpan(0, at), .. bytes, .. document.AsSpan(at)];
    }

    private bool Chance(double likelihood) => _random.NextDouble() < likelihood;

    private T Any<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    private static JsonTypeInfo ShapeOf(Operation operation, System.Text.Json.Serialization.JsonSerializerContext context) =>
        context.Options.GetTypeInfo(operation.GetType().GenericTypeArguments[0]);
}
