using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Storage;

/// <summary>Reads of what is committed. May be called from any thread.</summary>
public interface IBatchQueries
{
    /// <summary>
    /// Reads the resources of one kind that exist: those of some ARNs, or all of the scope when <see cref="ResourceQuery.Arns"/> is null.
    /// </summary>
    IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource;

    /// <summary>
    /// Jobs that need units of a consumable resource, without the parts of jobs: newest first, or grouped by name where names are asked
    /// for.
    /// </summary>
    IReadOnlyList<Job> Consumers(ConsumerQuery query);

    /// <summary>Definitions, the newest revision of a name first.</summary>
    IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query);

    /// <summary>The jobs of a scope among some ids; unknown ids are left out.</summary>
    IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids);

    /// <summary>Returns true if a service job was submitted with a client token and is not forgotten.</summary>
    bool HasClientToken(Scope scope, string token);

    /// <summary>The states of an array's children, by index.</summary>
    IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent);

    /// <summary>
    /// Jobs of a queue, newest first, or grouped by name where a filter asks for names; or the children of an array or the nodes of a
    /// job, by index.
    /// </summary>
    JobPage ListJobs(JobQuery query);

    /// <summary>Counts what is stored, over all scopes.</summary>
    EntityCounts Count();

    /// <summary>A resource's tags, or null when no resource of the scope has that ARN.</summary>
    IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn);
}

/// <summary>A resource and its tags.</summary>
public readonly record struct Tagged<T>(T Value, IReadOnlyDictionary<string, string> Tags);

/// <summary>Selects resources of one kind.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Arns">These, or all when null.</param>
/// <param name="After">Only those behind this place in the order of creation.</param>
/// <param name="Limit">At most so many.</param>
public sealed record ResourceQuery(Scope Scope, IReadOnlyCollection<string>? Arns, long After, int Limit);

/// <summary>Which job definitions to read.</summary>
public sealed record JobDefinitionQuery(Scope Scope, int Limit)
{
    /// <summary>These, or all when null.</summary>
    public IReadOnlyCollection<string>? Arns { get; init; }

    public string? Name { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>Only those behind this one.</summary>
    public (string Name, int Revision)? After { get; init; }
}

/// <summary>Which jobs to list.</summary>
public sealed record JobQuery(Scope Scope, int Limit)
{
    public string? JobQueueArn { get; init; }

    /// <summary>Instead of a queue: the id of an array parent.</summary>
    public string? ArrayJobId { get; init; }

    /// <summary>Instead of a queue: the id of a multi-node parallel job.</summary>
    public string? MultiNodeJobId { get; init; }

    /// <summary>The status to list; it can be combined with the share identifier, but with no other filter.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Filter of a queue's jobs.</summary>
    public JobFilter? Filter { get; init; }

    /// <summary>Only those that come after this place: older ones, the listing of a queue being newest first.</summary>
    public JobPlace? After { get; init; }
}

/// <summary>A page of a listing of jobs.</summary>
/// <param name="Jobs">As many as were asked for, unless the listing or the search ended before.</param>
/// <param name="StoppedAt">The place at which the search was given up because it found too little; null when it was not.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, JobPlace? StoppedAt = null);

/// <summary>Which jobs that need a consumable resource to list.</summary>
public sealed record ConsumerQuery(Scope Scope, string ResourceArn, int Limit)
{
    public JobStatus? Status { get; init; }

    /// <summary>Any case; a trailing <c>*</c> stands for any rest.</summary>
    public string? Name { get; init; }

    /// <summary>Only those that come after this place.</summary>
    public JobPlace? After { get; init; }
}

/// <summary>A place in a listing of jobs: what the listings are ordered by.</summary>
/// <param name="Sequence">Of the job; decides last.</param>
/// <param name="CreatedAt">Of the job, in milliseconds; decides first where times are compared: the clock may have gone back.</param>
/// <param name="JobName">Of the job, in any case; decides first where jobs are grouped by name.</param>
public readonly record struct JobPlace(long Sequence, long CreatedAt, string JobName)
{
    public static JobPlace Of(Job job) => new(job.Sequence, job.CreatedAt.ToUnixTimeMilliseconds(), job.Specification.JobName);
}

/// <summary>A filter of ListJobs.</summary>
public sealed record JobFilter(JobFilterKind Kind, string Value);

/// <summary>Member that a filter of ListJobs compares.</summary>
public enum JobFilterKind
{
    /// <summary>Any case; a trailing <c>*</c> stands for any rest.</summary>
    JobName,

    /// <summary>A name with an optional trailing <c>*</c>, or an exact ARN.</summary>
    JobDefinition,

    /// <summary>Epoch milliseconds.</summary>
    BeforeCreatedAt,

    /// <summary>Epoch milliseconds.</summary>
    AfterCreatedAt,

    ShareIdentifier,

    /// <summary>Quota share of service jobs.</summary>
    QuotaShareName,
}
