using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>The runnable jobs of every queue in the order in which they are to start; queues in the order in which they are served.</summary>
internal sealed class RunnableJobs
{
    private readonly Dictionary<string, SortedSet<Job>> _byQueue = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobQueue> _placed = new(StringComparer.Ordinal);
    private readonly SortedSet<JobQueue> _queues = new(Comparer<JobQueue>.Create(
        static (a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Sequence.CompareTo(b.Sequence)));

    /// <summary>Highest priority first; of equal priority, the one created first.</summary>
    public IReadOnlyCollection<JobQueue> Queues => _queues;

    public void Place(JobQueue queue)
    {
        if (_placed.TryGetValue(queue.Arn, out var before))
        {
            _queues.Remove(before);
        }

        _placed[queue.Arn] = queue;
        _queues.Add(queue);
    }

    public void Remove(JobQueue queue)
    {
        if (_placed.Remove(queue.Arn, out var before))
        {
            _queues.Remove(before);
        }

        _byQueue.Remove(queue.Arn);
    }

    public Job? Head(JobQueue queue) => _byQueue.TryGetValue(queue.Arn, out var jobs) ? jobs.Min : null;

    public void Add(Job job)
    {
        if (!_byQueue.TryGetValue(job.Specification.JobQueueArn, out var jobs))
        {
            _byQueue[job.Specification.JobQueueArn] = jobs = new SortedSet<Job>(FirstInFirstOut.Ordering);
        }

        jobs.Add(job);
    }

    public void Remove(Job job)
    {
        if (_byQueue.TryGetValue(job.Specification.JobQueueArn, out var jobs))
        {
            jobs.Remove(job);
        }
    }

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
