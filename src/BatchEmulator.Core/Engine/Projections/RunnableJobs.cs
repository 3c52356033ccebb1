using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>The runnable jobs of every queue in the order in which they are to start, and the queues in scheduling order.</summary>
internal sealed class RunnableJobs(ResourceTables resources) : IProjection
{
    private readonly ResourceTable<JobQueue> _existing = resources.Of<JobQueue>();
    private readonly ResourceTable<SchedulingPolicy> _policies = resources.Of<SchedulingPolicy>();
    private readonly Dictionary<string, Ordering> _orderings = new(StringComparer.Ordinal);
    private readonly SortedSet<JobQueue> _queues = new(Comparer<JobQueue>.Create(
        static (a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.Sequence.CompareTo(b.Sequence)));

    /// <summary>Compares queues: highest priority first; of equal priority, the one created first.</summary>
    public IReadOnlyCollection<JobQueue> Queues => _queues;

    /// <summary>Returns the ordering of a queue; null if the queue is gone.</summary>
    public Ordering? OrderingOf(string queueArn) => _orderings.GetValueOrDefault(queueArn);

    public void Follow(Resource? before, Resource? resource)
    {
        switch ((before, resource))
        {
            case (JobQueue gone, null):
                _queues.Remove(gone);
                _orderings.Remove(gone.Arn);
                break;
            case (var old, JobQueue queue):
                Place((JobQueue?)old, queue);
                break;
            case (QuotaShare gone, null):
                OrderingOf(gone.JobQueueArn)?.Follow(gone, null);
                break;
            case (var old, QuotaShare share):
                OrderingOf(share.JobQueueArn)?.Follow((QuotaShare?)old, share);
                break;
            case (_, SchedulingPolicy policy):
                foreach (var queue in _existing.Values.Where(q => q.SchedulingPolicyArn == policy.Arn))
                {
                    _orderings[queue.Arn].Follow(policy);
                }

                break;
        }
    }

    public void Follow(Job? before, Job job)
    {
        if (OrderingOf(job.Specification.JobQueueArn) is not { } ordering)
        {
            return;
        }

        if (!job.IsNode && before?.Status == JobStatus.Runnable)
        {
            ordering.Remove(before);
            ordering.Wanted.Add(before, -1);
        }

        if (!job.IsNode && job.Status == JobStatus.Runnable)
        {
            ordering.Add(job);
            ordering.Wanted.Add(job, 1);
        }

        ordering.Follow(before, job);
    }

    /// <inheritdoc cref="Ordering.Hold"/>
    public void Hold(Job job, int sign) => OrderingOf(job.Specification.JobQueueArn)?.Hold(job, sign);

    public void Clear()
    {
        _orderings.Clear();
        _queues.Clear();
    }

    private void Place(JobQueue? before, JobQueue queue)
    {
        var policy = queue.SchedulingPolicyArn is { } arn ? _policies[arn] : null;
        if (before is null)
        {
            _orderings[queue.Arn] = OrderingMap.Create(queue, policy);
        }
        else
        {
            _queues.Remove(before);
            _orderings[queue.Arn].Follow(policy);
        }

        _queues.Add(queue);
    }
}
