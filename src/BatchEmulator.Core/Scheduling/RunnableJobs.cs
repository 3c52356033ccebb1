using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling;

/// <summary>The runnable jobs of every queue in the order in which they are to start; queues in the order in which they are served.</summary>
internal sealed class RunnableJobs
{
    private readonly Dictionary<string, WaitingJobs> _byQueue = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobQueue> _placed = new(StringComparer.Ordinal);
    private readonly SortedSet<JobQueue> _queues = new(Comparer<JobQueue>.Create(
        static (a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Sequence.CompareTo(b.Sequence)));

    /// <summary>Highest priority first; of equal priority, the one created first.</summary>
    public IReadOnlyCollection<JobQueue> Queues => _queues;

    /// <summary>A queue is there, or has changed.</summary>
    /// <param name="queue">The queue as it is now.</param>
    /// <param name="policy">Its scheduling policy. A queue has one from the beginning or never.</param>
    public void Place(JobQueue queue, SchedulingPolicy? policy)
    {
        if (_placed.TryGetValue(queue.Arn, out var before))
        {
            _queues.Remove(before);
        }

        _placed[queue.Arn] = queue;
        _queues.Add(queue);
        if (before is null)
        {
            _byQueue[queue.Arn] = policy is null ? new FirstInFirstOut() : new FairShare(queue.Arn, policy);
        }
        else if (policy is not null)
        {
            SharesOf(queue.Arn)?.Follow(policy);
        }
    }

    public void Remove(JobQueue queue)
    {
        if (_placed.Remove(queue.Arn, out var before))
        {
            _queues.Remove(before);
        }

        _byQueue.Remove(queue.Arn);
    }

    public WaitingJobs Of(JobQueue queue) => _byQueue[queue.Arn];

    /// <summary>The shares of a queue; null when it has no fair-share policy, or is no longer there.</summary>
    public FairShare? SharesOf(string queueArn) => _byQueue.GetValueOrDefault(queueArn) as FairShare;

    public void Add(Job job) => _byQueue[job.Specification.JobQueueArn].Add(job);

    public void Remove(Job job) => _byQueue[job.Specification.JobQueueArn].Remove(job);

    /// <summary>The job is another record now, in the same place.</summary>
    public void Replace(Job before, Job job)
    {
        Remove(before);
        Add(job);
    }

    public void Clear()
    {
        _byQueue.Clear();
        _placed.Clear();
        _queues.Clear();
    }
}
