namespace BatchEmulator.Server.Settings;

/// <summary>A setting: a command-line option, an environment variable and a key of the configuration file, all by one name.</summary>
/// <param name="Name">E.g. <c>log-level</c>: <c>--log-level</c>, <c>BATCH_EMULATOR_LOG_LEVEL</c>, <c>"log-level"</c>.</param>
/// <param name="Value">What the value looks like in the help; null for a switch.</param>
/// <param name="Default">As the help shows it.</param>
/// <param name="Description">One line.</param>
/// <param name="IsRepeatable">Whether several values can be given; in an environment variable they are separated by <c>;</c>.</param>
internal sealed record SettingDefinition(string Name, string? Value, string Default, string Description, bool IsRepeatable = false)
{
    public string Option => $"--{Name}";

    public string Variable => $"BATCH_EMULATOR_{Name.ToUpperInvariant().Replace('-', '_')}";

    public bool IsSwitch => Value is null;

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new("host", "ADDRESS", "127.0.0.1", "Address to listen on"),
        new("port", "PORT", "22824", "Port to listen on; 0 picks a free one"),
        new("data", "FOLDER", ".batch-emulator", "Folder of the database and the logs"),
        new("ephemeral", null, "off", "Keep nothing: data lives in a temporary folder until the server ends"),
        new("executor", "NAME", "auto", "What runs jobs: auto, docker, process or simulated"),
        new("region", "REGION", "us-east-1", "Region of requests whose credential scope does not say"),
        new("account", "ID", "000000000000", "Account of requests whose access key is not one"),
        new("bootstrap", null, "off", "Create a compute environment and a job queue, both named default, if absent"),
        new("job-env", "NAME=VALUE", "none", "Added to every job's environment (repeatable)", IsRepeatable: true),
        new("host-vcpus", "NUMBER", "four per core", "vCPUs of this machine that jobs may use at once"),
        new("host-memory", "MIB", "detected", "Memory of this machine that jobs may use at once"),
        new("resource-delay", "SECONDS", "0.15", "How long environments and queues are CREATING, UPDATING and DELETING; 0: done when the request is answered"),
        new("allowed-hosts", "NAME", "none", "Further Host names to answer to (repeatable)", IsRepeatable: true),
        new("retention", "DAYS", "7", "How long finished jobs stay describable"),
        new("events-webhook", "URL", "none", "URL to which every state change of a job is posted as JSON, as EventBridge would deliver it"),
        new("events-endpoint", "URL", "none", "URL that takes EventBridge's PutEvents and is told every state change of a job"),
        new("secrets-endpoint", "URL", "none", "URL that takes Secrets Manager's GetSecretValue and Systems Manager's GetParameter, for the secrets of jobs"),
        new("strict", null, "off", "Refuse everything that AWS documents to refuse"),
        new("log-level", "LEVEL", "info", "trace, debug, info, warning or error"),
        new("log-format", "FORMAT", "text", "text or json"),
    ];
}
