using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Jobs at the heads of their queues that cannot be placed anywhere.</summary>
internal sealed class BlockedHeads : IProjection
{
    private readonly Dictionary<string, Job> _byQueue = new(StringComparer.Ordinal);

    /// <summary>The jobs, by the ARN of their queue.</summary>
    public IReadOnlyDictionary<string, Job> ByQueue => _byQueue;

    public void Follow(Job? before, Job job)
    {
        if (job.BlockedSince is not null)
        {
            _byQueue[job.Specification.JobQueueArn] = job;
        }
        else if (before?.BlockedSince is not null)
        {
            _byQueue.Remove(job.Specification.JobQueueArn);
        }
    }

    public void Clear() => _byQueue.Clear();
}
