using System.Text.Json;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Instances;

/// <summary>
/// A simulated EC2 instance of a compute environment. Its ARN is that of the ECS container instance, its name the EC2 instance id.
/// </summary>
public sealed record Instance : Resource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<Instance> Row = new(
        Identity.Arn.ContainerInstanceType, number: 7, "Instance", "instances", InstanceJson.Documents.Instance, WriteDetail);

    /// <summary>
    /// Time between the notice of a Spot interruption and the end of the instance (EC2 User Guide, "Spot Instance interruption notices").
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(2);

    public override ResourceKind Kind => Row;

    public required string ComputeEnvironmentArn { get; init; }

    /// <summary>Name of the instance type, e.g. <c>m6i.large</c>.</summary>
    public required string Type { get; init; }

    public required Purchase Purchase { get; init; }

    /// <summary>Status; <see cref="Resource.SettlesAt"/> is the time at which a pending instance can run jobs.</summary>
    public required InstanceStatus Status { get; init; }

    public required DateTimeOffset LaunchedAt { get; init; }

    /// <summary>Time at which EC2 announces the end of a Spot instance; null if it is not known to do so.</summary>
    public DateTimeOffset? NoticeAt { get; init; }

    /// <summary>Time at which a draining instance is terminated even if jobs run on it.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The instance type.</summary>
    internal InstanceType Size => InstanceCatalog.Find(Type)!;

    /// <summary>Time at which something happens to the instance by itself; null if nothing does.</summary>
    internal DateTimeOffset? DueAt => EndsAt ?? NoticeAt;

    public override Resource? Settled() =>
        this with { SettlesAt = null, Status = Status == InstanceStatus.Pending ? InstanceStatus.Running : Status };

    public override DateTimeOffset? LatestTime(TimeSpan delay) => LaunchedAt;

    /// <summary>Returns the EC2 instance id that belongs to the ARN of a container instance.</summary>
    internal static string IdOf(string containerInstanceArn) =>
        $"i-0{containerInstanceArn.AsSpan(containerInstanceArn.LastIndexOf('/') + 1)[..16]}";

    /// <summary>Returns the instance as it drains: it starts no more jobs.</summary>
    internal Instance Drained(DateTimeOffset endsAt) => this with { Status = InstanceStatus.Draining, SettlesAt = null, EndsAt = endsAt };

    private static void WriteDetail(Utf8JsonWriter writer, Instance instance)
    {
        writer.WriteStartObject();
        writer.WriteString("instanceId", instance.Name);
        writer.WriteString("containerInstanceArn", instance.Arn);
        writer.WriteString("computeEnvironment", instance.ComputeEnvironmentArn);
        writer.WriteString("instanceType", instance.Type);
        writer.WriteString("purchase", instance.Purchase.Wire());
        writer.WriteString("status", instance.Status.ToString().ToUpperInvariant());
        writer.WriteNumber("launchedAt", instance.LaunchedAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }
}
