using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Server.Settings;

/// <summary>Settings of this server: a member for each row of <see cref="SettingDefinition.All"/>, which fills it.</summary>
internal sealed record ServerSettings
{
    private ServerSettings()
    {
    }

    public string Host { get; init; } = "";

    public int Port { get; init; }

    public string Data { get; init; } = "";

    public bool Ephemeral { get; init; }

    public string Storage { get; init; } = "";

    public string Executor { get; init; } = "";

    public string Region { get; init; } = "";

    public string Account { get; init; } = "";

    public bool Bootstrap { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> JobEnv { get; init; } = [];

    public decimal HostVcpus { get; init; }

    /// <summary>Memory in MiB.</summary>
    public long HostMemory { get; init; }

    /// <summary><c>instances</c> or <c>vcpus</c>.</summary>
    public string Capacity { get; init; } = "";

    public TimeSpan ResourceDelay { get; init; }

    /// <summary>Time until a launched instance can run jobs.</summary>
    public TimeSpan ScaleUpDelay { get; init; }

    /// <summary>Time for which an instance is kept without jobs.</summary>
    public TimeSpan ScaleDownDelay { get; init; }

    /// <summary>Percentage by which Spot capacity is cheaper in cost reports.</summary>
    public decimal SpotDiscount { get; init; }

    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public TimeSpan Retention { get; init; }

    public Uri? EventsWebhook { get; init; }

    public Uri? EventsEndpoint { get; init; }

    public Uri? SecretsEndpoint { get; init; }

    public bool Strict { get; init; }

    public LogLevel LogLevel { get; init; }

    public string LogFormat { get; init; } = "";

    /// <exception cref="SettingsException">A value is invalid.</exception>
    public static ServerSettings Read(SettingSource source) =>
        SettingDefinition.All.Aggregate(
            new ServerSettings(), (settings, setting) => setting.Fill(settings, new(setting, source.Values(setting))));

    /// <summary>Account and Region of requests that do not name them.</summary>
    public Scope Scope() => new(Account, Region);

    /// <summary>The machine's share for real jobs.</summary>
    public ResourceAmounts HostShare() => new((long)(HostVcpus * 1000), HostMemory);
}
