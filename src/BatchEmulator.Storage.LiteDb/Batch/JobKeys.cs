using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Keys of jobs. Each listing is a range of keys that has its jobs in the order of the result; where places come last, newer jobs come
/// first. The numbers of the kinds are stored: never change one.
/// </summary>
internal static class JobKeys
{
    public static CompositeKey OfStatus(long queue, JobStatus status) => CompositeKey.Of(2).Then(queue).Then((long)status);

    /// <summary>Followed by the time of creation, and the place.</summary>
    public static CompositeKey OfTime(long queue) => CompositeKey.Of(3).Then(queue);

    /// <summary>Followed by the name in lower case, and the place.</summary>
    public static CompositeKey OfNames(long queue) => CompositeKey.Of(4).Then(queue);

    /// <param name="queue">Place of the queue.</param>
    /// <param name="definitionArn">ARN of a revision of a job definition.</param>
    public static CompositeKey OfDefinition(long queue, string definitionArn) =>
        CompositeKey.Of(5).Then(queue).Then(Arn.NameOf(definitionArn));

    public static CompositeKey OfShare(long queue, string share, JobStatus status) =>
        CompositeKey.Of(6).Then(queue).Then(share).Then((long)status);

    /// <summary>Unfinished nodes, which may outlive their job for a while; followed by the place.</summary>
    public static CompositeKey UnfinishedNodes => CompositeKey.Of(7);

    /// <summary>Finished jobs, without parts; followed by the time of their end, and the place.</summary>
    public static CompositeKey Stopped => CompositeKey.Of(8);

    public static CompositeKey OfClientToken(Scope scope, string token) => CompositeKey.Of(9).Then(ScopeText.Of(scope)).Then(token);

    /// <summary>Jobs that need a consumable resource.</summary>
    public static CompositeKey Consumers(string resourceArn) => CompositeKey.Of(10).Then(resourceArn);

    /// <summary>Jobs in a status that need a consumable resource.</summary>
    public static CompositeKey Consumers(string resourceArn, JobStatus status) => CompositeKey.Of(11).Then(resourceArn).Then((long)status);

    /// <summary>Jobs that need a consumable resource; followed by the name in lower case, and the place.</summary>
    public static CompositeKey ConsumerNames(string resourceArn) => CompositeKey.Of(12).Then(resourceArn);

    /// <summary>Jobs in a status that need a consumable resource; followed by the name in lower case, and the place.</summary>
    public static CompositeKey ConsumerNames(string resourceArn, JobStatus status) =>
        CompositeKey.Of(13).Then(resourceArn).Then((long)status);

    /// <summary>Parts of a job in a status; followed by the index.</summary>
    public static CompositeKey Parts(long parent, JobStatus status) => CompositeKey.Of(14).Then(parent).Then((long)status);

    /// <summary>Returns a name in the form of keys. Only ASCII letters become lower case: names have no others.</summary>
    public static string Folded(string name) => string.Create(name.Length, name, (folded, given) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(given[i]) ? char.ToLowerInvariant(given[i]) : given[i];
        }
    });

    /// <param name="job">The job.</param>
    /// <param name="queue">Place of its queue.</param>
    public static BsonArray Of(Job job, long queue)
    {
        var keys = PartSequence.ParentOf(job) is { } parent ? [Parts(parent, job.Status).Then(job.Index!.Value)] : OfWhole(job, queue);
        if (job.IsNode && !job.Status.IsFinished())
        {
            keys.Add(UnfinishedNodes.Then(job.Sequence));
        }

        return new BsonArray(keys.Select(key => key.Value));
    }

    private static List<CompositeKey> OfWhole(Job job, long queue)
    {
        var specification = job.Specification;
        var name = Folded(specification.JobName);
        List<CompositeKey> keys =
        [
            OfStatus(queue, job.Status).ThenDescending(job.Sequence),
            OfTime(queue).ThenDescending(job.CreatedAt.ToUnixTimeMilliseconds()).ThenDescending(job.Sequence),
            OfNames(queue).Then(name).ThenDescending(job.Sequence),
        ];
        if (specification.JobDefinitionArn is { } definition)
        {
            keys.Add(OfDefinition(queue, definition).ThenDescending(job.Sequence));
        }

        if (specification.ShareKey is { } share)
        {
            keys.Add(OfShare(queue, share, job.Status).ThenDescending(job.Sequence));
        }

        if (job.StoppedAt is { } stoppedAt)
        {
            keys.Add(Stopped.Then(stoppedAt.ToUnixTimeMilliseconds()).Then(job.Sequence));
        }

        if (specification.Service?.ClientToken is { } token)
        {
            keys.Add(OfClientToken(job.Scope, token));
        }

        foreach (var resource in (specification.Units ?? []).Select(units => units.Resource).Distinct())
        {
            keys.Add(Consumers(resource).ThenDescending(job.Sequence));
            keys.Add(Consumers(resource, job.Status).ThenDescending(job.Sequence));
            keys.Add(ConsumerNames(resource).Then(name).ThenDescending(job.Sequence));
            keys.Add(ConsumerNames(resource, job.Status).Then(name).ThenDescending(job.Sequence));
        }

        return keys;
    }
}
