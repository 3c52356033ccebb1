using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage.Listings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Reads, each from the tables of one commit.</summary>
public sealed partial class MemoryBatchStore
{
    public IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource
    {
        var tables = _committed;
        var found = query.Arns is { } arns
            ? arns.Select(arn => tables.FindResource(query.Scope, arn)).OfType<T>()
            : tables.Entries.From(Entries.Of(kind, query.Scope, query.After + 1))
                .TakeWhile(Entries.Of(kind, query.Scope, 0).IsBeside)
                .Take(query.Limit)
                .Select(entry => (T)tables.Resources[entry.Sequence]);
        return [.. found.Select(resource => tables.WithTags(resource, resource.Arn))];
    }

    public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query)
    {
        var tables = _committed;
        var found = query.Arns is { } arns
            ? arns.Select(arn => tables.FindDefinition(query.Scope, arn)).OfType<JobDefinition>()
            : DefinitionListing.Read(tables, query);
        return [.. found.Select(definition => tables.WithTags(definition, definition.Arn))];
    }

    public IReadOnlyList<Tagged<Job>> Jobs(Scope scope, IReadOnlyCollection<string> ids)
    {
        var tables = _committed;
        return [.. ids.Select(id => tables.FindJob(scope, id)).OfType<Job>().Select(job => tables.WithTags(job, job.Arn))];
    }

    public bool HasClientToken(Scope scope, string token)
    {
        var entry = new IndexEntry(MemoryIndex.JobsByClientToken, 0, Entries.Scoped(scope, token), 0, 0);
        return _committed.Entries.From(entry).Take(1).Any(entry.IsBeside);
    }

    public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) => [.. _committed.PartsOf(arrayParent).Select(child => child.Status)];

    public JobPage ListJobs(JobQuery query)
    {
        var tables = _committed;
        return query.ArrayJobId is { } array ? new(PartListing.Read(tables, query, array, job => job.IsArrayParent))
            : query.MultiNodeJobId is { } job ? new(PartListing.Read(tables, query, job, whole => whole.IsMultiNode))
            : MemoryQueueIndexes.Of(tables, query.JobQueueArn!) is { } indexes ? QueueListing.Read(indexes, query)
            : new([]);
    }

    public IReadOnlyList<Job> Consumers(ConsumerQuery query) => ConsumerListing.Read(_committed, query);

    public EntityCounts Count()
    {
        var tables = _committed;
        return new(
            ResourceKinds.All.ToDictionary(kind => kind.PluralName, kind => tables.Entries.Count(MemoryIndex.Resources, kind.Number)),
            tables.Entries.Count(MemoryIndex.DefinitionsPresent, IndexEntry.AnyStatus),
            Enum.GetValues<JobStatus>().ToDictionary(status => status.Wire(), status => tables.JobCounts[(int)status]));
    }

    public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn)
    {
        var tables = _committed;
        var exists = Arn.Parse(arn) is { Type: Arn.JobType or Arn.ServiceJobType } parsed
            ? tables.FindJob(scope, parsed.Name) is { Index: null } job && job.Arn == arn
            : tables.FindResource(scope, arn) is not null || tables.FindDefinition(scope, arn) is not null;
        return exists ? tables.TagsOf(arn) : null;
    }
}
