using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage.Listings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Indexes of a queue.</summary>
internal sealed class MemoryQueueIndexes : IQueueIndexes
{
    private readonly MemoryTables _tables;
    private readonly long _queue;

    private MemoryQueueIndexes(MemoryTables tables, long queue) => (_tables, _queue) = (tables, queue);

    /// <returns>The indexes; null if there is no such queue.</returns>
    public static MemoryQueueIndexes? Of(MemoryTables tables, string queueArn) =>
        tables.Places.TryGetValue(queueArn, out var queue) ? new(tables, queue) : null;

    public Job Find(long sequence) => _tables.Jobs[sequence].Value;

    public IReadOnlyList<Job> OfStatus(JobStatus status, string? share, long before, int limit) =>
        Read(_tables.Entries.BesideBefore(StatusEntry(status, share, before)), limit);

    public long? NewestOfStatus(JobStatus status, string? share, long before) => Newest(StatusEntry(status, share, before));

    public IReadOnlyList<Job> OfName(string name, long before, int limit) =>
        Read(_tables.Entries.BesideBefore(NameEntry(name) with { Sequence = before }), limit);

    public string? NextName(string name, bool isIncluded)
    {
        var first = NameEntry(name) with { Number = isIncluded ? 0 : 1 };
        return _tables.Entries.From(first).Take(1).Where(entry => entry.Index == first.Index && entry.Group == _queue)
            .Select(entry => entry.Text).FirstOrDefault();
    }

    public IReadOnlyList<Job> OfTime(long after, JobPlace before, int limit) =>
        Read(ByTime(before).TakeWhile(entry => entry.Number > after), limit);

    public IEnumerable<(JobPlace Place, string DefinitionArn)> Walk(JobPlace before, int limit) => ByTime(before)
        .Take(limit)
        .Select(entry => (new JobPlace(entry.Sequence, entry.Number, ""), Find(entry.Sequence).Specification.JobDefinitionArn ?? ""));

    public long? FindDefinition(string arn) => _tables.Places.TryGetValue(arn, out var place) ? place : null;

    public IReadOnlyList<long> FindDefinitions(Scope scope, string name, bool isPrefix, int limit)
    {
        var first = new IndexEntry(MemoryIndex.DefinitionsByName, 0, Entries.Scoped(scope, name), long.MinValue, 0);
        return
        [
            .. _tables.Entries.From(first)
                .TakeWhile(entry => entry.Index == first.Index
                    && (isPrefix ? entry.Text.StartsWith(first.Text, StringComparison.Ordinal) : entry.Text == first.Text))
                .Take(limit)
                .Select(entry => entry.Sequence),
        ];
    }

    public long? NewestOfDefinition(long definition, long before) =>
        Newest(new(MemoryIndex.JobsByDefinition, _queue, "", definition, before));

    private IndexEntry StatusEntry(JobStatus status, string? share, long place) =>
        new(share is null ? MemoryIndex.JobsByStatus : MemoryIndex.JobsByShare, _queue, share ?? "", (long)status, place);

    private IndexEntry NameEntry(string name) => new(MemoryIndex.JobsByName, _queue, NameOrder.Fold(name), 0, 0);

    private IEnumerable<IndexEntry> ByTime(JobPlace before)
    {
        var end = new IndexEntry(MemoryIndex.JobsByTime, _queue, "", before.CreatedAt, before.Sequence);
        return _tables.Entries.Before(end).TakeWhile(entry => entry.Index == end.Index && entry.Group == _queue);
    }

    private long? Newest(IndexEntry before) =>
        _tables.Entries.BesideBefore(before).Select(entry => (long?)entry.Sequence).FirstOrDefault();

    private List<Job> Read(IEnumerable<IndexEntry> entries, int limit) =>
        [.. entries.Take(limit).Select(entry => Find(entry.Sequence))];
}
