using System.Text.Json.Serialization;

namespace BatchEmulator.Executors.Docker;

// The parts of the Docker Engine API's documents that are used, under the API's own names.

internal sealed record CreateContainerRequest
{
    public required string Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public string? User { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required HostConfig HostConfig { get; init; }
}

internal sealed record HostConfig
{
    public int CpuShares { get; init; }

    /// <summary>Bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Bytes of memory and swap together.</summary>
    public long MemorySwap { get; init; }

    public int? MemorySwappiness { get; init; }

    public string? NetworkMode { get; init; }

    public IReadOnlyList<string>? ExtraHosts { get; init; }

    public bool Privileged { get; init; }

    public bool ReadonlyRootfs { get; init; }

    public bool? Init { get; init; }

    /// <summary>Bytes.</summary>
    public long? ShmSize { get; init; }

    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    public IReadOnlyList<DeviceMapping>? Devices { get; init; }

    public IReadOnlyList<UlimitSetting>? Ulimits { get; init; }

    public IReadOnlyList<string>? Binds { get; init; }

    public IReadOnlyList<Mount>? Mounts { get; init; }

    public required LogConfig LogConfig { get; init; }
}

internal sealed record DeviceMapping(string PathOnHost, string PathInContainer, string CgroupPermissions);

internal sealed record UlimitSetting(string Name, long Soft, long Hard);

internal sealed record Mount(string Type, string? Source, string Target, bool ReadOnly, VolumeOptions? VolumeOptions);

internal sealed record VolumeOptions(IReadOnlyDictionary<string, string> Labels);

internal sealed record LogConfig(string Type);

internal sealed record CreatedContainer(string Id);

internal sealed record WaitedContainer(int StatusCode);

internal sealed record InspectedContainer
{
    public required string Id { get; init; }

    public required ContainerState State { get; init; }

    public ContainerConfig? Config { get; init; }

    public InspectedHostConfig? HostConfig { get; init; }

    public NetworkSettings? NetworkSettings { get; init; }
}

internal sealed record ContainerState
{
    public string? Status { get; init; }

    public int ExitCode { get; init; }

    [JsonPropertyName("OOMKilled")]
    public bool OomKilled { get; init; }

    /// <summary>Whether a container of this status runs or ran, and can still be asked how it ended.</summary>
    public static bool HasRun(string? status) => status is "running" or "paused" or "restarting" or "stopped" or "exited";
}

internal sealed record ContainerConfig(IReadOnlyDictionary<string, string>? Labels);

internal sealed record InspectedHostConfig(string? NetworkMode)
{
    /// <summary>Of a request for the network of another container.</summary>
    public const string JoiningPrefix = "container:";

    /// <summary>Id of the container whose network this one was made to share.</summary>
    [JsonIgnore]
    public string? JoinedContainer =>
        NetworkMode?.StartsWith(JoiningPrefix, StringComparison.Ordinal) == true ? NetworkMode[JoiningPrefix.Length..] : null;
}

internal sealed record NetworkSettings(IReadOnlyDictionary<string, EndpointSettings>? Networks);

internal sealed record EndpointSettings([property: JsonPropertyName("IPAddress")] string? IpAddress);

internal sealed record ListedContainer
{
    public required string Id { get; init; }

    /// <summary>created, running, paused, exited ...</summary>
    public string? State { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record ListedVolumes(IReadOnlyList<ListedVolume>? Volumes);

internal sealed record ListedVolume(string Name, IReadOnlyDictionary<string, string>? Labels);

/// <param name="Name">Unique among the engine's networks if it is asked to check that.</param>
/// <param name="Labels">By which it is found again.</param>
internal sealed record CreateNetworkRequest(string Name, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Engines before API version 1.44 let two networks have one name otherwise.</summary>
    public bool CheckDuplicate => true;

    public string Driver => "bridge";
}

internal sealed record ListedNetwork(string Id, IReadOnlyDictionary<string, string>? Labels);

internal sealed record EngineMessage([property: JsonPropertyName("message")] string? Message);

internal sealed record PullProgress([property: JsonPropertyName("error")] string? Error);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateContainerRequest))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(WaitedContainer))]
[JsonSerializable(typeof(InspectedContainer))]
[JsonSerializable(typeof(IReadOnlyList<ListedContainer>))]
[JsonSerializable(typeof(ListedVolumes))]
[JsonSerializable(typeof(CreateNetworkRequest))]
[JsonSerializable(typeof(IReadOnlyList<ListedNetwork>))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(PullProgress))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class DockerJson : JsonSerializerContext;
