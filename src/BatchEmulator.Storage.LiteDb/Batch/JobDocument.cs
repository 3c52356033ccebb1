using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>A job as a document. A part of a job has neither scope nor specification: it shares its parent's.</summary>
internal static class JobDocument
{
    public const string Status = "status";
    private const string JobId = "id";
    private const string Reason = "reason";
    private const string Created = "created";
    private const string Started = "started";
    private const string Stopped = "stopped";
    private const string Cancelled = "cancelled";
    private const string Terminated = "terminated";
    private const string StopReason = "stopReason";
    private const string Current = "current";
    private const string Attempts = "attempts";
    private const string Children = "children";
    private const string Parent = "parent";
    private const string Index = "index";
    private const string Blocked = "blocked";
    private const string Service = "service";
    private const string Scope = "scope";
    private const string Specification = "specification";

    private static StoredJson Json => StoredJson.Documents;

    /// <param name="job">The job.</param>
    /// <param name="queue">Place of its queue.</param>
    public static BsonDocument Of(Job job, long queue)
    {
        var document = new BsonDocument
        {
            [LiteDbSession.Id] = job.Sequence,
            [Status] = (int)job.Status,
            [Created] = job.CreatedAt.ToUnixTimeMilliseconds(),
            [LiteDbSession.Keys] = JobKeys.Of(job, queue),
        };
        if (PartSequence.ParentOf(job) is { } parent)
        {
            document[Parent] = parent;
            document[Index] = job.Index!.Value;
        }
        else
        {
            document[JobId] = job.Id;
            document[Scope] = ScopeText.Of(job.Scope);
            document[Specification] = JsonSerializer.Serialize(job.Specification, Json.JobSpecification);
        }

        SetCourse(document, job);
        return document;
    }

    /// <summary>Returns the place of the parent; null for a job that is no part.</summary>
    public static long? ParentOf(BsonDocument document) => document.Number(Parent);

    /// <summary>Reads a job that is no part of another.</summary>
    public static Job Read(BsonDocument document)
    {
        var specification = JsonSerializer.Deserialize(document[Specification].AsString, Json.JobSpecification)!;
        return Read(document, new Job
        {
            Id = document[JobId].AsString,
            Sequence = document[LiteDbSession.Id].AsInt64,
            Scope = ScopeText.Parse(document[Scope].AsString),
            Specification = specification,
            CreatedAt = default,
            Status = default,
        });
    }

    /// <summary>Reads a part of a job, which shares its parent's specification in memory too.</summary>
    public static Job ReadPart(BsonDocument document, Job parent)
    {
        var index = document[Index].AsInt32;
        return Read(document, new Job
        {
            Id = parent.Specification.Nodes is null ? JobIds.Child(parent.Id, index) : JobIds.Node(parent.Id, index),
            ParentId = parent.Id,
            Index = index,
            Sequence = document[LiteDbSession.Id].AsInt64,
            Scope = parent.Scope,
            Specification = parent.Specification,
            CreatedAt = default,
            Status = default,
        });
    }

    public static JobStatus StatusOf(BsonDocument document) => (JobStatus)document[Status].AsInt32;

    private static void SetCourse(BsonDocument document, Job job)
    {
        document.Set(Reason, job.StatusReason);
        document.Set(Started, job.StartedAt);
        document.Set(Stopped, job.StoppedAt);
        document.Set(Cancelled, job.IsCancelled ? 1 : null);
        document.Set(Terminated, job.IsTerminated ? 1 : null);
        document.Set(StopReason, job.StopReason);
        document.Set(Blocked, job.BlockedSince);
        document.Set(Current, job.Current is { } current ? JsonSerializer.Serialize(current, Json.CurrentAttempt) : null);
        document.Set(Attempts, job.Attempts.Count > 0 ? JsonSerializer.Serialize(job.Attempts, Json.IReadOnlyListAttempt) : null);
        document.Set(Children, job.Children is { } children ? JsonSerializer.Serialize(children, Json.ArraySummary) : null);
        document.Set(Service, job.Service is { } service ? JsonSerializer.Serialize(service, Json.ServiceJobProgress) : null);
    }

    private static Job Read(BsonDocument document, Job job) => job with
    {
        Status = StatusOf(document),
        StatusReason = document.Text(Reason),
        BlockedSince = document.Time(Blocked),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(document[Created].AsInt64),
        StartedAt = document.Time(Started),
        StoppedAt = document.Time(Stopped),
        IsCancelled = document.Number(Cancelled) is not null,
        IsTerminated = document.Number(Terminated) is not null,
        StopReason = document.Text(StopReason),
        Current = document.Text(Current) is { } current ? JsonSerializer.Deserialize(current, Json.CurrentAttempt) : null,
        Attempts = document.Text(Attempts) is { } attempts ? JsonSerializer.Deserialize(attempts, Json.IReadOnlyListAttempt)! : [],
        Children = document.Text(Children) is { } children ? JsonSerializer.Deserialize(children, Json.ArraySummary) : null,
        Service = document.Text(Service) is { } service ? JsonSerializer.Deserialize(service, Json.ServiceJobProgress) : null,
    };
}
