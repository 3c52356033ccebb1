using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// Writes changes as events. Those of jobs have EventBridge's form (User Guide, "Batch job state change events"): there is none for the
/// initial SUBMITTED, there is one for a job that blocks its queue, and service jobs have events of their own ("Service job state change
/// events"). Events of other resources have the same envelope around the description of the resource.
/// </summary>
internal static class EventWriter
{
    public const string Source = "aws.batch";
    public const string JobStateChange = "Batch Job State Change";
    public const string JobQueueBlocked = "Batch Job Queue Blocked";
    public const string ServiceJobStateChange = "Batch Service Job State Change";
    public const string ServiceJobQueueBlocked = "Batch Service Job Queue Blocked";

    /// <summary>JSON for machines: quotation marks in texts take two bytes, not six.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    /// <summary>Returns true if a change has an event.</summary>
    public static bool HasEvent(Change change) => change switch
    {
        JobSaved saved => IsEvent(saved),
        ResourceSaved or ResourceRemoved or JobDefinitionSaved => true,
        _ => false,
    };

    /// <summary>Writes the event of a change that has one and concerns no job.</summary>
    public static EventJson Write(Change change, DateTimeOffset at) => change switch
    {
        ResourceSaved { Value: var resource } => Changed(resource.Kind.EventName, resource.Scope, resource.Arn, at, Detail(resource)),
        ResourceRemoved { Value: var resource } =>
            Write($"Batch {resource.Kind.EventName} Deleted", resource.Scope, [resource.Arn], at, Detail(resource)),
        JobDefinitionSaved { Value: var definition } => Changed(
            "Job Definition", definition.Scope, definition.Arn, at,
            writer => JsonSerializer.Serialize(writer, definition.ToWire(NoTags), BatchJson.Wire.JobDefinition)),
        _ => throw new NotSupportedException(change.GetType().Name),
    };

    /// <summary>Returns true if a job has another status than before, or blocks its queue.</summary>
    public static bool IsEvent(JobSaved saved) =>
        saved.Previous is { } previous && (previous != saved.Value.Status || saved.Value.BlockedSince is not null);

    public static string DetailTypeOf(Job job) => (job.IsService, job.BlockedSince is null) switch
    {
        (false, true) => JobStateChange,
        (false, false) => JobQueueBlocked,
        (true, true) => ServiceJobStateChange,
        (true, false) => ServiceJobQueueBlocked,
    };

    /// <summary>Returns the ARNs that an event of the job concerns.</summary>
    public static IReadOnlyList<string> ResourcesOf(Job job) =>
        job.BlockedSince is null || job.IsService ? [job.Arn] : [job.Arn, job.Specification.JobQueueArn];

    /// <summary>Writes the event of a job's new status.</summary>
    /// <param name="job">The job at that time.</param>
    /// <param name="at">Time of the change.</param>
    /// <param name="tags">The job's tags.</param>
    public static EventJson Write(Job job, DateTimeOffset at, IReadOnlyDictionary<string, string> tags) =>
        Write(DetailTypeOf(job), job.Scope, ResourcesOf(job), at, writer => Detail(writer, job, tags));

    /// <summary>
    /// Writes the description of the job, changed as in recorded events of AWS; service jobs without tags and without the request.
    /// </summary>
    private static void Detail(Utf8JsonWriter writer, Job job, IReadOnlyDictionary<string, string> tags)
    {
        if (job.IsService)
        {
            var shown = ServiceJobDetails.Of(job, NoTags) with { Tags = null, ServiceRequestPayload = null };
            JsonSerializer.Serialize(writer, shown, BatchJson.Wire.DescribeServiceJobResponse);
            return;
        }

        var detail = JobDetails.Of(job, NoTags);
        detail = detail with
        {
            Tags = new Dictionary<string, string>(tags, StringComparer.Ordinal) { ["resourceArn"] = job.Arn },
            PropagateTags = detail.PropagateTags ?? false,
        };
        JsonSerializer.Serialize(writer, detail, BatchJson.Wire.JobDetail);
    }

    private static Action<Utf8JsonWriter> Detail(Resource resource) => writer => resource.Kind.WriteDetail(writer, resource);

    private static EventJson Changed(string what, Scope scope, string arn, DateTimeOffset at, Action<Utf8JsonWriter> detail) =>
        Write($"Batch {what} Change", scope, [arn], at, detail);

    private static EventJson Write(
        string detailType, Scope scope, IReadOnlyList<string> resources, DateTimeOffset at, Action<Utf8JsonWriter> detail)
    {
        int detailStart;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "0");
            writer.WriteString("id", Guid.NewGuid());
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
            writer.Flush();
            detailStart = buffer.WrittenCount;
            detail(writer);
            writer.WriteEndObject();
        }

        return new(buffer.WrittenSpan.ToArray(), detailStart);
    }
}
