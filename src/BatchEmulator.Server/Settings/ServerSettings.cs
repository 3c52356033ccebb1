using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Server.Settings;

/// <summary>What the user decided about this server.</summary>
internal sealed record ServerSettings
{
    /// <summary>A vCPU is a share of the processor, not a limit, and most jobs do not use theirs up.</summary>
    private const int VcpusPerCore = 4;

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string Data { get; init; }

    public required bool Ephemeral { get; init; }

    public required string Executor { get; init; }

    /// <summary>Of requests that do not say.</summary>
    public required Scope Scope { get; init; }

    public required bool Bootstrap { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> JobEnvironment { get; init; }

    /// <summary>The machine's share for real jobs.</summary>
    public required ResourceAmounts HostShare { get; init; }

    /// <summary>How long environments and queues are CREATING, UPDATING and DELETING.</summary>
    public required TimeSpan ResourceDelay { get; init; }

    public required IReadOnlyList<string> AllowedHosts { get; init; }

    public required TimeSpan Retention { get; init; }

    /// <summary>Where every state change of a job is posted to; null for nowhere.</summary>
    public Uri? EventsWebhook { get; init; }

    /// <summary>What takes EventBridge's PutEvents; null for nothing.</summary>
    public Uri? EventsEndpoint { get; init; }

    /// <summary>What gives out secrets and parameters; null for nothing.</summary>
    public Uri? SecretsEndpoint { get; init; }

    public required bool Strict { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required bool LogsJson { get; init; }

    /// <exception cref="SettingsException">A value makes no sense.</exception>
    public static ServerSettings Read(SettingSource source)
    {
        var reader = new SettingReader(source);
        return new ServerSettings
        {
            Host = reader.Text("host", "127.0.0.1"),
            Port = (int)reader.Number("port", 22824, 0, 65535),
            Data = reader.Text("data", ".batch-emulator"),
            Ephemeral = reader.Switch("ephemeral"),
            Executor = reader.OneOf("executor", "auto", "docker", "process", "simulated"),
            Scope = new Scope(
                reader.Matching("account", "000000000000", "12 digits", a => a.Length == 12 && a.All(char.IsAsciiDigit)),
                reader.Matching("region", "us-east-1", "a Region such as us-east-1", r => r.Length is > 0 and <= 32 && r.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))),
            Bootstrap = reader.Switch("bootstrap"),
            JobEnvironment = [.. reader.Texts("job-env").Select(Variable)],
            HostShare = new ResourceAmounts(
                (long)(reader.Decimal("host-vcpus", VcpusPerCore * Environment.ProcessorCount, 0.001m, 1_000_000) * 1000),
                reader.Number("host-memory", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20, 4, long.MaxValue >> 21)),
            ResourceDelay = TimeSpan.FromSeconds((double)reader.Decimal("resource-delay", (decimal)Settling.Duration.TotalSeconds, 0, 3_600)),
            AllowedHosts = reader.Texts("allowed-hosts"),
            Retention = TimeSpan.FromDays((double)reader.Decimal("retention", 7, 0, 36_500)),
            EventsWebhook = reader.Url("events-webhook"),
            EventsEndpoint = reader.Url("events-endpoint"),
            SecretsEndpoint = reader.Url("secrets-endpoint"),
            Strict = reader.Switch("strict"),
            LogLevel = reader.OneOf("log-level", "info", "trace", "debug", "warning", "error") switch
            {
                "info" => LogLevel.Information,
                var level => Enum.Parse<LogLevel>(level, ignoreCase: true),
            },
            LogsJson = reader.OneOf("log-format", "text", "json") == "json",
        };
    }

    private static KeyValuePair<string, string> Variable(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw new SettingsException($"--job-env must be NAME=VALUE, got \"{text}\".");
    }

    private sealed class SettingReader(SettingSource source)
    {
        public IReadOnlyList<string> Texts(string name) => source.Values(SettingDefinition.All.Single(s => s.Name == name));

        public string Text(string name, string fallback) => Texts(name) is [.., var last] ? last : fallback;

        public string Matching(string name, string fallback, string expected, Func<string, bool> isValid) =>
            Text(name, fallback) is var text && isValid(text) ? text : throw Bad(name, expected, text);

        /// <summary>The first of the allowed words is the default.</summary>
        public string OneOf(string name, params string[] allowed) =>
            Matching(name, allowed[0], $"one of {string.Join(", ", allowed)}", t => allowed.Contains(t));

        public bool Switch(string name) => Text(name, "false") switch
        {
            "true" or "True" or "1" or "on" => true,
            "false" or "False" or "0" or "off" => false,
            var text => throw Bad(name, "true or false", text),
        };

        public Uri? Url(string name) => Texts(name) is not [.., var text] ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw Bad(name, "a URL such as http://127.0.0.1:4566/", text);

        public long Number(string name, long fallback, long minimum, long maximum) => Texts(name) is not [.., var text] ? fallback
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number
            : throw Bad(name, $"a whole number from {minimum} to {maximum}", text);

        public decimal Decimal(string name, decimal fallback, decimal minimum, decimal maximum) => Texts(name) is not [.., var text] ? fallback
            : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number
            : throw Bad(name, $"a number from {minimum} to {maximum}", text);

        private static SettingsException Bad(string name, string expected, string text) => new($"--{name} must be {expected}, got \"{text}\".");
    }
}
