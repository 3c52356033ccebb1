using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Indexes of a queue: ranges of the keys of its jobs.</summary>
internal sealed class QueueIndexes : IQueueIndexes
{
    private readonly LiteDbSession _session;
    private readonly long _queue;
    private readonly Dictionary<long, string> _definitions = [];
    private readonly Dictionary<(JobStatus Status, string? Share), ReadAhead> _statuses = [];
    private readonly Dictionary<long, ReadAhead> _revisions = [];

    /// <summary>Jobs that were read to find their places, and are usually needed next.</summary>
    private readonly Dictionary<long, BsonDocument> _newest = [];

    private QueueIndexes(LiteDbSession session, long queue) => (_session, _queue) = (session, queue);

    /// <returns>The indexes; null if there is no such queue.</returns>
    public static QueueIndexes? Of(LiteDbSession session, string? queueArn) =>
        queueArn is not null && session.FindByKey(BatchSchema.Resources, ResourceDocument.OfArn(queueArn)) is { } queue
            ? new(session, queue[LiteDbSession.Id].AsInt64)
            : null;

    public Job Find(long sequence) =>
        JobDocument.Read(_newest.Remove(sequence, out var document) ? document : _session.Find(BatchSchema.Jobs, sequence)!);

    public IReadOnlyList<Job> OfStatus(JobStatus status, string? share, long before, int limit) =>
        [.. JobsBefore(InStatus(status, share), before, limit).Select(JobDocument.Read)];

    public long? NewestOfStatus(JobStatus status, string? share, long before)
    {
        if (!_statuses.TryGetValue((status, share), out var jobs))
        {
            _statuses[(status, share)] = jobs = new ReadAhead(_session, InStatus(status, share));
        }

        return Newest(jobs, before);
    }

    public IReadOnlyList<Job> OfName(string name, long before, int limit) =>
        [.. JobsBefore(JobKeys.OfNames(_queue).Then(JobKeys.Folded(name)), before, limit).Select(JobDocument.Read)];

    public string? NextName(string name, bool isIncluded)
    {
        var names = JobKeys.OfNames(_queue);
        var from = names.Then(JobKeys.Folded(name));
        var range = isIncluded ? names.Range.From(from) : names.Range.Behind(from);
        return _session.Walk(BatchSchema.Jobs, range, limit: 1).Select(JobDocument.Read).FirstOrDefault()?.Specification.JobName;
    }

    public IReadOnlyList<Job> OfTime(long after, JobPlace before, int limit)
    {
        var times = JobKeys.OfTime(_queue);
        return [.. _session.Walk(BatchSchema.Jobs, Before(before).To(times.ThenDescending(after)), limit).Select(JobDocument.Read)];
    }

    public IEnumerable<(JobPlace Place, string DefinitionArn)> Walk(JobPlace before, int limit) =>
        _session.Walk(BatchSchema.Jobs, Before(before), limit).Select(JobDocument.Read)
            .Select(job => (JobPlace.Of(job), job.Specification.JobDefinitionArn ?? ""));

    public long? FindDefinition(string arn) => _session.FindByKey(BatchSchema.Definitions, DefinitionDocument.OfArn(arn)) is { } definition
        ? Remember(definition)
        : null;

    public IReadOnlyList<long> FindDefinitions(Scope scope, string name, bool isPrefix, int limit)
    {
        var known = DefinitionDocument.Known(scope);
        var range = (isPrefix ? known.ThenPrefix(name) : known.Then(name)).Range;
        return [.. _session.Walk(BatchSchema.Definitions, range, limit).Select(Remember)];
    }

    public long? NewestOfDefinition(long definition, long before)
    {
        if (!_revisions.TryGetValue(definition, out var jobs))
        {
            _revisions[definition] = jobs = new ReadAhead(_session, JobKeys.OfDefinition(_queue, _definitions[definition]));
        }

        return Newest(jobs, before);
    }

    private CompositeKey InStatus(JobStatus status, string? share) =>
        share is null ? JobKeys.OfStatus(_queue, status) : JobKeys.OfShare(_queue, share, status);

    private KeyRange Before(JobPlace before)
    {
        var times = JobKeys.OfTime(_queue);
        return times.Range.After(times.ThenDescending(before.CreatedAt).ThenDescending(before.Sequence));
    }

    private IEnumerable<BsonDocument> JobsBefore(CompositeKey key, long before, int limit) =>
        _session.Walk(BatchSchema.Jobs, key.Range.After(key.ThenDescending(before)), limit);

    private long? Newest(ReadAhead jobs, long before)
    {
        if (jobs.Next(before) is not { } document)
        {
            return null;
        }

        var place = document[LiteDbSession.Id].AsInt64;
        _newest[place] = document;
        return place;
    }

    /// <summary>Returns the place of a definition, and remembers its ARN, which is part of keys.</summary>
    private long Remember(BsonDocument definition)
    {
        var place = definition[LiteDbSession.Id].AsInt64;
        _definitions[place] = DefinitionDocument.ArnOf(definition);
        return place;
    }
}
