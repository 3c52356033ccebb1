using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Keeps changes in memory, for as long as the process lives: both ports of one store.</summary>
/// <remarks>
/// The engine's thread commits while others read: a commit builds new tables, which share what has not changed with the last ones, and
/// publishes them by one reference. Nobody waits for anybody.
/// </remarks>
/// <param name="instanceId">Name of the store, which no other has.</param>
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

    /// <summary>Does nothing: what is stored goes with the last reference to the store.</summary>
    public void Dispose()
    {
    }

    /// <summary>A part is loaded with its job, and a node that has not ended also after it.</summary>
    private static bool IsLoaded(MemoryTables tables, Job job) =>
        !job.Status.IsFinished() || (PartSequence.ParentOf(job) is { } parent && !tables.Jobs[parent].Value.Status.IsFinished());
}
