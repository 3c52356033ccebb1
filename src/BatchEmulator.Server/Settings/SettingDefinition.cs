using System.Globalization;
using BatchEmulator.Core.Resources;
using BatchEmulator.Server.Registry;

namespace BatchEmulator.Server.Settings;

/// <summary>A setting: a command-line option, an environment variable and a key of the configuration file with the same name.</summary>
/// <param name="Name">Example: <c>log-level</c> for <c>--log-level</c>, <c>BATCH_EMULATOR_LOG_LEVEL</c> and <c>"log-level"</c>.</param>
/// <param name="Value">Placeholder of the value in the help; null for a switch.</param>
/// <param name="Default">Default as the help shows it; it is read like a given value unless the row reads another one.</param>
/// <param name="Description">One line.</param>
/// <param name="Fill">Reads the value and fills the member of the settings that has the same name.</param>
/// <param name="IsRepeatable">Allows several values; in an environment variable they are separated by <c>;</c>.</param>
internal sealed record SettingDefinition(
    string Name,
    string? Value,
    string Default,
    string Description,
    Func<ServerSettings, SettingValue, ServerSettings> Fill,
    bool IsRepeatable = false)
{
    /// <summary>A vCPU is a share of the processor, not a limit, and most jobs do not use theirs fully.</summary>
    private const int VcpusPerCore = 4;

    public string Option => $"--{Name}";

    public string Variable => $"BATCH_EMULATOR_{Name.ToUpperInvariant().Replace('-', '_')}";

    public bool IsSwitch => Value is null;

    /// <summary>All settings, in the order of the help.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new("host", "ADDRESS", "127.0.0.1", "Address to listen on", (settings, value) => settings with { Host = value.Text }),
        new("port", "PORT", "22824", "Port to listen on; 0 picks a free one",
            (settings, value) => settings with { Port = (int)value.Integer(0, 65535) }),
        new("data", "FOLDER", ".batch-emulator", "Folder of the database and the logs",
            (settings, value) => settings with { Data = value.Text }),
        new("ephemeral", null, "off", "Keep nothing: everything is in memory until the server ends",
            (settings, value) => settings with { Ephemeral = value.Switch }),
        new("storage", "NAME", "sqlite", "Storage of the data: sqlite or litedb",
            (settings, value) => settings with { Storage = value.OneOf(StorageRegistry.Names) }),
        new("executor", "NAME", "auto", "Executor of the jobs: auto, docker, process or simulated",
            (settings, value) => settings with { Executor = value.OneOf(ExecutorRegistry.Names) }),
        new("region", "REGION", "us-east-1", "Region of requests whose credential scope names none",
            (settings, value) => settings with { Region = value.Matching(IsRegion, "a Region such as us-east-1") }),
        new("account", "ID", "000000000000", "Account of requests whose access key is not an account id",
            (settings, value) => settings with { Account = value.Matching(IsAccount, "12 digits") }),
        new("bootstrap", null, "off", "Create a compute environment and a job queue, both named default, if absent",
            (settings, value) => settings with { Bootstrap = value.Switch }),
        new("job-env", "NAME=VALUE", "none", "Added to every job's environment (repeatable)",
            (settings, value) => settings with { JobEnv = value.Variables }, IsRepeatable: true),
        new("host-vcpus", "NUMBER", "four per core", "vCPUs of this machine that jobs may use at once",
            (settings, value) => settings with { HostVcpus = value.Number(0.001m, 1_000_000, VcpusPerCore * Environment.ProcessorCount) }),
        new("host-memory", "MIB", "detected", "Memory of this machine that jobs may use at once",
            (settings, value) =>
                settings with { HostMemory = value.Integer(4, long.MaxValue >> 21, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20) }),
        new("capacity", "NAME", "instances",
            "Capacity of EC2 and Spot environments: instances (simulated instances decide when and where jobs start) or vcpus (room "
            + "within maxvCpus is enough)",
            (settings, value) => settings with { Capacity = value.OneOf(["instances", "vcpus"]) }),
        new("scale-up-delay", "SECONDS", "0", "Time until a simulated instance that was launched can run jobs",
            (settings, value) => settings with { ScaleUpDelay = TimeSpan.FromSeconds((double)value.Number(0, 86_400)) }),
        new("scale-down-delay", "SECONDS", "60", "Time for which a simulated instance is kept without jobs",
            (settings, value) => settings with { ScaleDownDelay = TimeSpan.FromSeconds((double)value.Number(0, 604_800)) }),
        new("spot-discount", "PERCENT", "65", "Percentage by which Spot capacity is cheaper than On-Demand capacity in cost reports",
            (settings, value) => settings with { SpotDiscount = value.Number(0, 100) }),
        new("resource-delay", "SECONDS", Settling.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            "Time for which environments and queues are CREATING, UPDATING and DELETING; 0: done when the request is answered",
            (settings, value) => settings with { ResourceDelay = TimeSpan.FromSeconds((double)value.Number(0, 3_600)) }),
        new("allowed-hosts", "NAME", "none", "Further Host names to answer to (repeatable)",
            (settings, value) => settings with { AllowedHosts = value.Texts }, IsRepeatable: true),
        new("retention", "DAYS", "7", "Time for which finished jobs stay describable",
            (settings, value) => settings with { Retention = TimeSpan.FromDays((double)value.Number(0, 36_500)) }),
        new("events-webhook", "URL", "none", "URL to which every state change of a job is posted as JSON, as EventBridge would deliver it",
            (settings, value) => settings with { EventsWebhook = value.Url }),
        new("events-endpoint", "URL", "none", "URL of EventBridge's PutEvents, which receives every state change of a job",
            (settings, value) => settings with { EventsEndpoint = value.Url }),
        new("secrets-endpoint", "URL", "none",
            "URL of Secrets Manager's GetSecretValue and Systems Manager's GetParameter, for the secrets of jobs",
            (settings, value) => settings with { SecretsEndpoint = value.Url }),
        new("strict", null, "off", "Enforce all documented restrictions of AWS",
            (settings, value) => settings with { Strict = value.Switch }),
        new("log-level", "LEVEL", "info", "trace, debug, info, warning or error",
            (settings, value) => settings with { LogLevel = LevelOf(value.OneOf(["info", "trace", "debug", "warning", "error"])) }),
        new("log-format", "FORMAT", "text", "text or json",
            (settings, value) => settings with { LogFormat = value.OneOf(["text", "json"]) }),
    ];

    private static bool IsAccount(string text) => text.Length == 12 && text.All(char.IsAsciiDigit);

    private static bool IsRegion(string text) =>
        text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static LogLevel LevelOf(string text) => text == "info" ? LogLevel.Information : Enum.Parse<LogLevel>(text, ignoreCase: true);
}
