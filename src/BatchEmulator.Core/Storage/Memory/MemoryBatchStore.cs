using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Keeps changes in memory, until the end of the process; implements both ports of a store.</summary>
/// <remarks>
/// The engine's thread commits while others read: a commit builds new tables, which share everything unchanged with the last ones, and
/// publishes them by one reference. No thread waits.
/// </remarks>
/// <param name="instanceId">Unique name of the store.</param>
public sealed partial class MemoryBatchStore(string instanceId) : IBatchStore, IBatchQueries
{
    private volatile MemoryTables _committed = MemoryTables.Empty;

    public string InstanceId { get; } = instanceId;

    public StoredState Load()
    {
        var tables = _committed;
        return new(
            [
                .. ResourceKinds.InLoadOrder(tables.Resources.Values).Select(resource => new ResourceSaved(resource)),
                .. tables.Notes.OrderBy(note => note.Key.Queue).ThenBy(note => note.Key.Key, StringComparer.Ordinal)
                    .Select(note => new OrderingNoteSaved(note.Value)),
                .. tables.Definitions.Values
                    .Select<StoredDefinition, Change>(
                        row => row.IsPurged ? new JobDefinitionPurged(row.Value) : new JobDefinitionSaved(row.Value)),
                .. tables.Jobs.Values.Where(row => IsLoaded(tables, row.Value)).Select(row => new JobSaved(row.Value, null)),
            ],
            tables.LastSequence);
    }

    public void Commit(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var transaction = new MemoryTransaction(_committed);
        foreach (var change in changes)
        {
            transaction.Apply(change);
        }

        _committed = transaction.Complete();
    }

    /// <summary>Does nothing: the content is released with the last reference to the store.</summary>
    public void Dispose()
    {
    }

    /// <summary>Returns true if a job is loaded: an unfinished one, or a part of an unfinished job.</summary>
    private static bool IsLoaded(MemoryTables tables, Job job) =>
        !job.Status.IsFinished() || (PartSequence.ParentOf(job) is { } parent && !tables.Jobs[parent].Value.Status.IsFinished());
}
