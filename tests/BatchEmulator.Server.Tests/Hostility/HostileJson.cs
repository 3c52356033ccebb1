using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>
/// Writes a document for a shape of the API: mostly like a client, with occasional hostile values, so that it passes the first checks and
/// reaches the later ones.
/// </summary>
internal sealed class HostileJson(Random random)
{
    private const int DeepestShape = 9;

    private static readonly string[] Literals =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "1e308", "1e999", "-0.0", "0.1", "1E2", "123456789012345678901234567890123456789012345678901234567890", "NaN", "Infinity", "01", "+1", ".5", "1.",
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\uffff\"", "\"\\x\"", "\"\\u12\"", "\"\n\"",
        "[]", "{}", "[null]", "{\"\":null}", "[[]]", "[{}]", "{\"a\":{}}", "[1,\"a\",null]", "{\"__proto__\":{}}", "\"$type\"", "{\"$ref\":\"1\"}",
        "undefined", "'a'", "//", "/**/1", "", ",", "}", "]", "\"", "\ufeff",
    ];

    private static readonly string[] Texts =
    [
        "q", "q", "q", "d", "d", "d:1", "d:99", "d:0", "d:-1", "d:99999999999999999999", "ce", "job", "1", "2", "0.25", "2048", "busybox", "sh",
        "EC2", "FARGATE", "MANAGED", "UNMANAGED", "ENABLED", "DISABLED", "VCPU", "MEMORY", "GPU", "N_TO_N", "SEQUENTIAL", "container", "multinode", "optimal",
        "RUNNABLE", "SUCCEEDED", "JOB_NAME", "AFTER_CREATED_AT", "ecsInstanceRole", "subnet-0", "/aws/batch/job", "job/default/1",
        "arn:aws:batch:us-east-1:000000000000:job-queue/q", "arn:aws:batch:us-east-1:000000000000:job-definition/d:1",
        "arn:aws:batch:us-east-1:000000000000:job/x:1", "arn:aws:batch:us-east-1:000000000000:compute-environment/ce", "arn:", "arn:aws:batch:::", ":::::::",
        "arn:aws:batch:us-east-1:000000000000:job-queue/", "Ref::x", "Ref::", "*", "%", "_", "a*", "?", "[", "(", "\\\\", "../../etc/passwd", "/", "%00", "%2F", "{{7*7}}",
        "'; DROP TABLE job;--", "$1", "x\\u0000y", "\\ud83d\\ude00", "\\uffff", "\\u202e", "é", "日本", "-", "--", "-1", "NaN", "P1D", "1e9",
        "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000:0", "a:b:c:d", "x:99999999999999999999", "f/00000000", "b/123", "true", "null",
    ];

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["jobName"] = ["job", "a", "job_1-2"],
        ["jobQueue"] = ["q", "held", "arn:aws:batch:us-east-1:000000000000:job-queue/q"],
        ["jobDefinition"] = ["d", "d:1", "n", "arn:aws:batch:us-east-1:000000000000:job-definition/d:1"],
        ["jobDefinitionName"] = ["h1", "h2"],
        ["computeEnvironmentName"] = ["h1", "h2", "ce"],
        ["jobQueueName"] = ["h1", "h2"],
        ["logGroupName"] = ["/aws/batch/job", "g"],
        ["logStreamName"] = ["s", "job/default/1"],
        ["targetNodes"] = ["0:", "0", "0:1", ":", "1:", ":3"],
        ["type"] = ["container", "multinode", "MANAGED", "EC2", "VCPU", "MEMORY", "FARGATE"],
        ["value"] = ["1", "2048", "0.25"],
    };

    private readonly StringBuilder _text = new();
    private double _hostility;

    /// <summary>Returns a whole document.</summary>
    /// <param name="shape">The shape of the request.</param>
    /// <param name="hostility">Probability of a value that does not belong there.</param>
    public byte[] Document(JsonTypeInfo shape, double hostility)
    {
        _text.Clear();
        _hostility = hostility;
        Write(shape, "", 0);
        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void Write(JsonTypeInfo shape, string member, int depth)
    {
        if (random.NextDouble() < _hostility)
        {
            WriteHostile();
        }
        else if (depth > DeepestShape)
        {
            _text.Append("null");
        }
        else
        {
            WriteExpected(shape, member, depth);
        }
    }

    private void WriteExpected(JsonTypeInfo shape, string member, int depth)
    {
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object:
                WriteObject(shape, depth);
                break;
            case JsonTypeInfoKind.Enumerable:
                WriteSeveral('[', ']', () => Write(Of(shape, shape.ElementType!), member, depth + 1));
                break;
            case JsonTypeInfoKind.Dictionary:
                WriteSeveral('{', '}', () =>
                {
                    WriteText(random.Next(8) == 0 ? Any(Texts) : Any("a", "b", "Key"));
                    _text.Append(':');
                    Write(Of(shape, shape.ElementType!), member, depth + 1);
                });
                break;
            default:
                WriteScalar(Nullable.GetUnderlyingType(shape.Type) ?? shape.Type, member);
                break;
        }
    }

    private void WriteObject(JsonTypeInfo shape, int depth)
    {
        _text.Append('{');
        var first = true;
        foreach (var property in shape.Properties)
        {
            // Members of the request itself are mostly present; otherwise nearly every document would lack a required one.
            var likelihood = Known.ContainsKey(property.Name) ? 0.95 : depth == 0 ? 0.4 : 0.3;
            for (var times = random.NextDouble() < likelihood ? 1 + (random.Next(200) == 0 ? 1 : 0) : 0; times > 0; times--)
            {
                _text.Append(first ? "" : ",");
                first = false;
                WriteText(random.NextDouble() < _hostility / 4 ? Any(property.Name.ToUpperInvariant(), "", "\\u0000", property.Name + " ") : property.Name);
                _text.Append(':');
                Write(Of(shape, property.PropertyType), property.Name, depth + 1);
            }
        }

        _text.Append('}');
    }

    private void WriteSeveral(char open, char close, Action write)
    {
        _text.Append(open);
        var count = random.NextDouble() < _hostility / 8 ? 300 : random.Next(4);
        for (var i = 0; i < count; i++)
        {
            _text.Append(i == 0 ? "" : ",");
            write();
            if (_text.Length > 200_000)
            {
                break;
            }
        }

        _text.Append(close);
    }

    private void WriteScalar(Type type, string member)
    {
        if (type == typeof(string))
        {
            WriteText(Known.TryGetValue(member, out var known) && random.Next(10) > 0 ? Any(known) : Any(Texts));
        }
        else if (type == typeof(bool))
        {
            _text.Append(Any("true", "false"));
        }
        else
        {
            _text.Append(Any("0", "1", "2", "3", "10", "60", "100", "9999", "1700000000000"));
        }
    }

    private void WriteHostile()
    {
        switch (random.Next(12))
        {
            case 0:
                WriteText(new string('a', Any(129, 257, 1025, 40_000)));
                break;
            case 1:
                var depth = Any(63, 65, 1000, 20_000);
                var (open, close) = Any(("[", "]"), ("{\"a\":", "}"));
                _text.Insert(_text.Length, open, depth).Append('1').Insert(_text.Length, close, depth);
                break;
            case 2 or 3 or 4:
                WriteText(Any(Texts));
                break;
            default:
                _text.Append(Any(Literals));
                break;
        }
    }

    private void WriteText(string text) => _text.Append('"').Append(text).Append('"');

    private static JsonTypeInfo Of(JsonTypeInfo shape, Type type) => shape.Options.GetTypeInfo(type);

    private T Any<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];
}
