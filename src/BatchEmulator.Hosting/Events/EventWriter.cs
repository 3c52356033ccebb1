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

    public const string JobDefinitionChange = "Batch Job Definition Change";
    public const string PreemptionStarted = "Batch Service Job Preemption Started";
    public const string PreemptionCompleted = "Batch Service Job Preemption Completed";

    /// <summary>JSON for machines: quotation marks in texts take two bytes, not six.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    /// <summary>Returns the detail types of the events that a change has, in order.</summary>
    public static IEnumerable<string> DetailTypesOf(Change change) => change switch
    {
        JobSaved saved => DetailTypesOf(saved),
        ResourceSaved { Value: var resource } => [$"Batch {resource.Kind.EventName} Change"],
        ResourceRemoved { Value: var resource } => [$"Batch {resource.Kind.EventName} Deleted"],
        JobDefinitionSaved => [JobDefinitionChange],
        _ => [],
    };

    /// <summary>Writes an event of a change that concerns no job.</summary>
    public static EventJson Write(string detailType, Change change, DateTimeOffset at) => change switch
    {
        ResourceSaved { Value: var resource } => Write(detailType, resource.Scope, [resource.Arn], at, Detail(resource)),
        ResourceRemoved { Value: var resource } => Write(detailType, resource.Scope, [resource.Arn], at, Detail(resource)),
        JobDefinitionSaved { Value: var definition } => Write(
            detailType, definition.Scope, [definition.Arn], at,
            writer => JsonSerializer.Serialize(writer, definition.ToWire(NoTags), BatchJson.Wire.JobDefinition)),
        _ => throw new NotSupportedException(change.GetType().Name),
    };

    /// <summary>
    /// Returns the detail types of a job's events: one if it has another status than before or blocks its queue, and one for a step of a
    /// preemption.
    /// </summary>
    private static IEnumerable<string> DetailTypesOf(JobSaved saved)
    {
        if (saved.Preemption == PreemptionStep.Started)
        {
            yield return PreemptionStarted;
        }

        if (saved.Previous is { } previous && (previous != saved.Value.Status || saved.Value.BlockedSince is not null))
        {
            yield return DetailTypeOf(saved.Value);
        }

        if (saved.Preemption == PreemptionStep.Completed)
        {
            yield return PreemptionCompleted;
        }
    }

    /// <summary>Returns the detail type of a job's new status.</summary>
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

    /// <summary>Writes an event of a job.</summary>
    /// <param name="detailType">One of its detail types.</param>
    /// <param name="job">The job at that time.</param>
    /// <param name="at">Time of the change.</param>
    /// <param name="tags">The job's tags.</param>
    public static EventJson Write(string detailType, Job job, DateTimeOffset at, IReadOnlyDictionary<string, string> tags) =>
        Write(detailType, job.Scope, ResourcesOf(job), at, writer =>
        {
            if (detailType is PreemptionStarted or PreemptionCompleted)
            {
                PreemptionDetail(writer, job);
            }
            else
            {
                Detail(writer, job, tags);
            }
        });

    /// <summary>Writes the detail of a preemption (User Guide, "Service job preemption events").</summary>
    private static void PreemptionDetail(Utf8JsonWriter writer, Job job)
    {
        writer.WriteStartObject();
        if (job.Service!.Preemptions!.UnderWay is { } reason)
        {
            writer.WriteString("statusReason", StatusReasons.PreemptionInProgress(reason));
        }

        writer.WriteString("preemptedJobArn", job.Arn);
        if (!job.IsBeingPreempted)
        {
            writer.WritePropertyName("preemptionSummary");
            JsonSerializer.Serialize(writer, ServiceJobDetails.PreemptionsOf(job)!, BatchJson.Wire.ServiceJobPreemptionSummary);
        }

        writer.WriteString("status", job.Status.Wire());
        writer.WriteEndObject();
    }

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
