using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Storage;

/// <summary>Reads of committed data. May be called from any thread.</summary>
public interface IBatchQueries
{
    /// <summary>
    /// Reads the resources of one kind that exist: those of some ARNs, or all of the scope if <see cref="ResourceQuery.Arns"/> is null.
    /// </summary>
    IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource;

    /// <summary>
    /// Reads jobs that need units of a consumable resource, without the parts of jobs: newest first, or grouped by name if the query has a
    /// name.
    /// </summary>
    IReadOnlyList<Job> Consumers(ConsumerQuery query);

    /// <summary>Reads definitions, the newest revision of a name first.</summary>
    IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query);

    /// <summary>Reads the jobs of a scope among some ids; unknown ids are left out.</summary>
    IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids);

    /// <summary>Returns true if a service job was submitted with a client token and is not forgotten.</summary>
    bool HasClientToken(Scope scope, string token);

    /// <summary>Reads the states of an array's children, by index.</summary>
    IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent);

    /// <summary>
    /// Reads jobs of a queue, newest first, or grouped by name if a filter has names; or the children of an array or the nodes of a job, by
    /// index.
    /// </summary>
    JobPage ListJobs(JobQuery query);

    /// <summary>Counts all stored objects, over all scopes.</summary>
    EntityCounts Count();

    /// <summary>Reads a resource's tags; null if no resource of the scope has that ARN.</summary>
    IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn);
}

/// <summary>A resource and its tags.</summary>
public readonly record struct Tagged<T>(T Value, IReadOnlyDictionary<string, string> Tags);

/// <summary>Selects resources of one kind.</summary>
/// <param name="Scope">Scope of the resources.</param>
/// <param name="Arns">ARNs of the resources; null for all.</param>
/// <param name="After">Place in the order of creation behind which the listing begins.</param>
/// <param name="Limit">Maximum number of resources.</param>
public sealed record ResourceQuery(Scope Scope, IReadOnlyCollection<string>? Arns, long After, int Limit);

/// <summary>Selects job definitions.</summary>
public sealed record JobDefinitionQuery(Scope Scope, int Limit)
{
    /// <summary>ARNs of the definitions; null for all.</summary>
    public IReadOnlyCollection<string>? Arns { get; init; }

    public string? Name { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>Place behind which the listing begins.</summary>
    public (string Name, int Revision)? After { get; init; }
}

/// <summary>Selects jobs.</summary>
public sealed record JobQuery(Scope Scope, int Limit)
{
    public string? JobQueueArn { get; init; }

    /// <summary>Id of an array parent, instead of a queue.</summary>
    public string? ArrayJobId { get; init; }

    /// <summary>Id of a multi-node parallel job, instead of a queue.</summary>
    public string? MultiNodeJobId { get; init; }

    /// <summary>Status of the jobs; it can be combined with the share identifier, but with no other filter.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Filter of a queue's jobs.</summary>
    public JobFilter? Filter { get; init; }

    /// <summary>Place behind which the listing begins: it continues with older jobs, as the listing of a queue is newest first.</summary>
    public JobPlace? After { get; init; }
}

/// <summary>A page of a listing of jobs.</summary>
/// <param name="Jobs">Jobs: as many as requested, unless the listing or the search ended before.</param>
/// <param name="StoppedAt">Place at which an unsuccessful search was abandoned; null if it was not.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, JobPlace? StoppedAt = null);

/// <summary>Selects jobs that need a consumable resource.</summary>
public sealed record ConsumerQuery(Scope Scope, string ResourceArn, int Limit)
{
    public JobStatus? Status { get; init; }

    /// <summary>Name in any case; a trailing <c>*</c> matches any rest.</summary>
    public string? Name { get; init; }

    /// <summary>Place behind which the listing begins.</summary>
    public JobPlace? After { get; init; }
}

/// <summary>A place in a listing of jobs: the values by which listings are ordered.</summary>
/// <param name="Sequence">Sequence of the job; decides last.</param>
/// <param name="CreatedAt">
/// Time of creation of the job, in milliseconds; decides first in listings by time: the clock may have gone back.
/// </param>
/// <param name="JobName">Name of the job, in any case; decides first in listings that are grouped by name.</param>
public readonly record struct JobPlace(long Sequence, long CreatedAt, string JobName)
{
    public static JobPlace Of(Job job) => new(job.Sequence, job.CreatedAt.ToUnixTimeMilliseconds(), job.Specification.JobName);
}

/// <summary>A filter of ListJobs.</summary>
public sealed record JobFilter(JobFilterKind Kind, string Value);

/// <summary>Member that a filter of ListJobs compares.</summary>
public enum JobFilterKind
{
    /// <summary>Name in any case; a trailing <c>*</c> matches any rest.</summary>
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
