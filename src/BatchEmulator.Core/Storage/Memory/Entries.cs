using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage.Listings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Entries of resources, definitions and jobs in the indexes.</summary>
internal static class Entries
{
    public static IndexEntry Of(Resource resource) => Of(resource.Kind, resource.Scope, resource.Sequence);

    public static IndexEntry Of(ResourceKind kind, Scope scope, long sequence) =>
        new(MemoryIndex.Resources, kind.Number, scope.ToString(), 0, sequence);

    /// <summary>Returns the permanent entry of a definition.</summary>
    public static IndexEntry Of(JobDefinition definition) => new(
        MemoryIndex.DefinitionsByName, 0, Scoped(definition.Scope, definition.Name), -definition.Revision, definition.Sequence);

    /// <summary>Returns the entries that a definition has until it is purged.</summary>
    public static IEnumerable<IndexEntry> WhilePresent(JobDefinition definition)
    {
        var present = Of(definition) with { Index = MemoryIndex.DefinitionsPresent };
        return [present with { Group = Group(definition.IsActive) }, present with { Group = IndexEntry.AnyStatus }];
    }

    /// <summary>Returns the permanent entries of a job.</summary>
    /// <param name="row">The job.</param>
    /// <param name="definition">Place of its definition.</param>
    public static IEnumerable<IndexEntry> Lasting(StoredJob row, long? definition)
    {
        var (job, queue) = row;
        var (specification, place) = (job.Specification, job.Sequence);
        var name = NameOrder.Fold(specification.JobName);
        yield return new(MemoryIndex.JobsByName, queue, name, 0, place);
        yield return new(MemoryIndex.JobsByTime, queue, "", job.CreatedAt.ToUnixTimeMilliseconds(), place);
        if (definition is { } known)
        {
            yield return new(MemoryIndex.JobsByDefinition, queue, "", known, place);
        }

        if (specification.Service?.ClientToken is { } token)
        {
            yield return new(MemoryIndex.JobsByClientToken, 0, Scoped(job.Scope, token), 0, place);
        }

        foreach (var entry in OfConsumer(job, IndexEntry.AnyStatus))
        {
            yield return entry;
        }
    }

    /// <summary>Returns the entries of a job that depend on its status and its end.</summary>
    public static IEnumerable<IndexEntry> Passing(StoredJob row)
    {
        var (job, queue) = row;
        var (status, place) = ((long)job.Status, job.Sequence);
        yield return new(MemoryIndex.JobsByStatus, queue, "", status, place);
        if (job.Specification.ShareKey is { } share)
        {
            yield return new(MemoryIndex.JobsByShare, queue, share, status, place);
        }

        if (job.StoppedAt is { } end)
        {
            yield return new(MemoryIndex.JobsByEnd, 0, "", end.ToUnixTimeMilliseconds(), place);
        }

        foreach (var entry in OfConsumer(job, status))
        {
            yield return entry;
        }
    }

    /// <summary>Returns a text by which entries sort within a scope.</summary>
    public static string Scoped(Scope scope, string text) => $"{scope} {text}";

    /// <summary>Returns a text by which the consumers of a resource sort; an ARN has no blank.</summary>
    public static string ConsumerText(string resourceArn, string name) => $"{resourceArn} {name}";

    public static long Group(bool isActive) => isActive ? 1 : 0;

    private static IEnumerable<IndexEntry> OfConsumer(Job job, long status)
    {
        foreach (var (resource, _) in job.Specification.Units ?? [])
        {
            yield return new(MemoryIndex.Consumers, status, resource, 0, job.Sequence);
            yield return new(
                MemoryIndex.ConsumersByName, status, ConsumerText(resource, NameOrder.Fold(job.Specification.JobName)), 0, job.Sequence);
        }
    }
}
