using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>
/// Times for which the jobs of each queue were RUNNABLE before they were placed. Those of jobs that wait when the server starts begin then.
/// </summary>
internal sealed class WaitTimes(TurnTime time) : IProjection
{
    private readonly Dictionary<string, long> _waitingSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitHistogram> _byQueue = new(StringComparer.Ordinal);

    /// <summary>Returns the waits of a queue so far.</summary>
    public WaitHistogram Of(JobQueue queue) => _byQueue.GetValueOrDefault(queue.Arn)?.Copy() ?? new();

    public void Follow(Job? before, Job job)
    {
        if (job.IsNode)
        {
            return;
        }

        if (job.Status == JobStatus.Runnable)
        {
            _waitingSince.TryAdd(job.Id, time.Elapsed);
        }
        else if (before?.Status == JobStatus.Runnable && _waitingSince.Remove(job.Id, out var since) && job.Status.IsPlaced())
        {
            Of(job.Specification.JobQueueArn).Add(time.Elapsed - since);
        }
    }

    public void Follow(Resource? before, Resource? resource)
    {
        if (resource is null && before is JobQueue queue)
        {
            _byQueue.Remove(queue.Arn);
        }
    }

    public void Clear()
    {
        _waitingSince.Clear();
        _byQueue.Clear();
    }

    private WaitHistogram Of(string queueArn)
    {
        if (!_byQueue.TryGetValue(queueArn, out var waits))
        {
            _byQueue[queueArn] = waits = new();
        }

        return waits;
    }
}
