using System.Collections.Immutable;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>State after one commit. It never changes, so that other threads read it while the next commit is made.</summary>
internal sealed record MemoryTables
{
    public static MemoryTables Empty { get; } = new();

    public ImmutableSortedDictionary<long, Resource> Resources { get; init; } = ImmutableSortedDictionary<long, Resource>.Empty;

    public ImmutableSortedDictionary<long, StoredDefinition> Definitions { get; init; } =
        ImmutableSortedDictionary<long, StoredDefinition>.Empty;

    public ImmutableSortedDictionary<long, StoredJob> Jobs { get; init; } = ImmutableSortedDictionary<long, StoredJob>.Empty;

    /// <summary>Places of resources and definitions by ARN, and of jobs, without their parts, by id.</summary>
    public ImmutableDictionary<string, long> Places { get; init; } = ImmutableDictionary.Create<string, long>(StringComparer.Ordinal);

    public ImmutableDictionary<(long Queue, string Key), OrderingNote> Notes { get; init; } =
        ImmutableDictionary<(long Queue, string Key), OrderingNote>.Empty;

    public ImmutableDictionary<string, IReadOnlyDictionary<string, string>> TagsByArn { get; init; } =
        ImmutableDictionary.Create<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>Entries of all indexes.</summary>
    public ImmutableSortedSet<IndexEntry> Entries { get; init; } = ImmutableSortedSet.Create(IndexEntry.Order);

    /// <summary>Numbers of jobs and parts of jobs by status.</summary>
    public ImmutableArray<long> JobCounts { get; init; } = [.. new long[Enum.GetValues<JobStatus>().Length]];

    /// <summary>Highest place that was ever taken.</summary>
    public long LastSequence { get; init; }

    public Resource? FindResource(Scope scope, string arn) =>
        Places.TryGetValue(arn, out var place) && Resources.TryGetValue(place, out var resource) && resource.Scope == scope
            ? resource
            : null;

    /// <returns>The definition; null also if it was purged.</returns>
    public JobDefinition? FindDefinition(Scope scope, string arn) =>
        Places.TryGetValue(arn, out var place) && Definitions.TryGetValue(place, out var row) && !row.IsPurged && row.Value.Scope == scope
            ? row.Value
            : null;

    /// <summary>Finds a job or a part of one.</summary>
    public Job? FindJob(Scope scope, string id)
    {
        var part = JobIds.ParsePart(id);
        if (!Places.TryGetValue(part?.ParentId ?? id, out var place))
        {
            return null;
        }

        place = part is { } known ? PartSequence.Of(place, known.Index) : place;
        return Jobs.TryGetValue(place, out var row) && row.Value.Id == id && row.Value.Scope == scope ? row.Value : null;
    }

    /// <summary>Enumerates the existing parts of a job by index.</summary>
    public IEnumerable<Job> PartsOf(Job job, int first = 0)
    {
        for (var index = first; index < job.Specification.Parts; index++)
        {
            if (Jobs.TryGetValue(PartSequence.Of(job.Sequence, index), out var row))
            {
                yield return row.Value;
            }
        }
    }

    public Tagged<T> WithTags<T>(T value, string arn) => new(value, TagsOf(arn));

    public IReadOnlyDictionary<string, string> TagsOf(string arn) => TagsByArn.GetValueOrDefault(arn) ?? Tags.None;
}

/// <summary>A revision of a job definition.</summary>
/// <param name="Value">The definition.</param>
/// <param name="IsPurged">True if it is forgotten, except for its number.</param>
internal readonly record struct StoredDefinition(JobDefinition Value, bool IsPurged);

/// <summary>A job or a part of one.</summary>
/// <param name="Value">The job.</param>
/// <param name="Queue">Place of its queue, whose ARN another queue may take over.</param>
internal readonly record struct StoredJob(Job Value, long Queue);
