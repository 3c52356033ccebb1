using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.ServiceJobs;

namespace BatchEmulator.Server.Control;

/// <summary>
/// Writes changes as events. A job's have the form that EventBridge gives them (User Guide, "Batch job state change events"), and, as there,
/// none tells of the initial SUBMITTED; a job that blocks its queue is told of, too, and so are service jobs ("Service job state change events"). Those of other resources have the same envelope and what describing the resource shows.
/// </summary>
internal static class EventWriter
{
    public const string Source = "aws.batch";
    public const string JobStateChange = "Batch Job State Change";
    public const string JobQueueBlocked = "Batch Job Queue Blocked";
    public const string ServiceJobStateChange = "Batch Service Job State Change";
    public const string ServiceJobQueueBlocked = "Batch Service Job Queue Blocked";

    /// <summary>JSON that is read by machines: quotation marks in texts take two bytes, not six.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    /// <summary>The event of a change as JSON, or null when the change has none.</summary>
    public static byte[]? Write(Change change, DateTimeOffset at) => change switch
    {
        JobSaved saved when IsEvent(saved) => Write(saved.Value, at, Guid.NewGuid()),
        ComputeEnvironmentSaved { Value: var environment } => Changed("Compute Environment", environment.Scope, environment.Arn, at, Detail(environment)),
        ComputeEnvironmentRemoved { Value: var environment } => Deleted("Compute Environment", environment.Scope, environment.Arn, at, Detail(environment)),
        ServiceEnvironmentSaved { Value: var environment } => Changed("Service Environment", environment.Scope, environment.Arn, at, Detail(environment)),
        ServiceEnvironmentRemoved { Value: var environment } => Deleted("Service Environment", environment.Scope, environment.Arn, at, Detail(environment)),
        ConsumableResourceSaved { Value: var resource } => Changed("Consumable Resource", resource.Scope, resource.Arn, at, Detail(resource)),
        ConsumableResourceRemoved { Value: var resource } => Deleted("Consumable Resource", resource.Scope, resource.Arn, at, Detail(resource)),
        SchedulingPolicySaved { Value: var policy } => Changed("Scheduling Policy", policy.Scope, policy.Arn, at, Detail(policy)),
        SchedulingPolicyRemoved { Value: var policy } => Deleted("Scheduling Policy", policy.Scope, policy.Arn, at, Detail(policy)),
        JobQueueSaved { Value: var queue } => Changed("Job Queue", queue.Scope, queue.Arn, at, Detail(queue)),
        JobQueueRemoved { Value: var queue } => Deleted("Job Queue", queue.Scope, queue.Arn, at, Detail(queue)),
        JobDefinitionSaved { Value: var definition } => Changed(
            "Job Definition", definition.Scope, definition.Arn, at,
            writer => JsonSerializer.Serialize(writer, definition.ToWire(NoTags), BatchJson.Wire.JobDefinition)),
        _ => null,
    };

    /// <summary>Whether a job has another status than before, or blocks its queue.</summary>
    public static bool IsEvent(JobSaved saved) => saved.Previous is { } previous && (previous != saved.Value.Status || saved.Value.BlockedSince is not null);

    public static string DetailTypeOf(Job job) => (job.IsService, job.BlockedSince is null) switch
    {
        (false, true) => JobStateChange,
        (false, false) => JobQueueBlocked,
        (true, true) => ServiceJobStateChange,
        (true, false) => ServiceJobQueueBlocked,
    };

    /// <summary>ARNs of what an event of the job is about.</summary>
    public static IReadOnlyList<string> ResourcesOf(Job job) => job.BlockedSince is null || job.IsService ? [job.Arn] : [job.Arn, job.Specification.JobQueueArn];

    /// <summary>The event of a job's new status as JSON.</summary>
    public static byte[] Write(Job job, DateTimeOffset at, Guid id) =>
        Write(DetailTypeOf(job), job.Scope, ResourcesOf(job), at, writer => Detail(writer, job), id);

    /// <summary>What such an event tells of the job, as JSON.</summary>
    public static byte[] DetailOf(Job job)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Detail(writer, job);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Without tags and without what a service is asked for, and without startedAt for a job that never started.</summary>
    private static void Detail(Utf8JsonWriter writer, Job job)
    {
        var startedAt = job.StartedAt?.ToUnixTimeMilliseconds();
        if (job.IsService)
        {
            JsonSerializer.Serialize(
                writer,
                ServiceJobDetails.Of(job, NoTags) with { Tags = null, ServiceRequestPayload = null, StartedAt = startedAt },
                BatchJson.Wire.DescribeServiceJobResponse);
        }
        else
        {
            JsonSerializer.Serialize(writer, JobDetails.Of(job, NoTags) with { Tags = null, StartedAt = startedAt }, BatchJson.Wire.JobDetail);
        }
    }

    private static Action<Utf8JsonWriter> Detail(ComputeEnvironment environment) =>
        writer => JsonSerializer.Serialize(writer, environment.ToWire(NoTags), BatchJson.Wire.ComputeEnvironmentDetail);

    private static Action<Utf8JsonWriter> Detail(ServiceEnvironment environment) =>
        writer => JsonSerializer.Serialize(writer, environment.ToWire(NoTags), BatchJson.Wire.ServiceEnvironmentDetail);

    private static Action<Utf8JsonWriter> Detail(ConsumableResource resource) =>
        writer => JsonSerializer.Serialize(writer, resource.ToWire(NoTags), BatchJson.Wire.DescribeConsumableResourceResponse);

    private static Action<Utf8JsonWriter> Detail(SchedulingPolicy policy) =>
        writer => JsonSerializer.Serialize(writer, policy.ToWire(NoTags), BatchJson.Wire.SchedulingPolicyDetail);

    private static Action<Utf8JsonWriter> Detail(JobQueue queue) =>
        writer => JsonSerializer.Serialize(writer, queue.ToWire(NoTags), BatchJson.Wire.JobQueueDetail);

    private static byte[] Changed(string what, Scope scope, string arn, DateTimeOffset at, Action<Utf8JsonWriter> detail) =>
        Write($"Batch {what} Change", scope, [arn], at, detail, Guid.NewGuid());

    private static byte[] Deleted(string what, Scope scope, string arn, DateTimeOffset at, Action<Utf8JsonWriter> detail) =>
        Write($"Batch {what} Deleted", scope, [arn], at, detail, Guid.NewGuid());

    private static byte[] Write(string detailType, Scope scope, IReadOnlyList<string> resources, DateTimeOffset at, Action<Utf8JsonWriter> detail, Guid id)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "0");
            writer.WriteString("id", id);
            writer.WriteString("detail-type", detailType);
            writer.WriteString("source", Source);
            writer.WriteString("account", scope.Account);
            writer.WriteString("time", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            writer.WriteString("region", scope.Region);
            writer.WriteStartArray("resources");
            foreach (var arn in resources)
            {
                writer.WriteStringValue(arn);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("detail");
            detail(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
