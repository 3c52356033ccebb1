using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Numbers of unfinished jobs, by queue and status.</summary>
internal sealed class JobCounts : IProjection
{
    private const int Statuses = (int)JobStatus.Succeeded;

    private static readonly int[] None = new int[Statuses];

    private readonly Dictionary<string, int[]> _byQueue = new(StringComparer.Ordinal);

    /// <summary>Returns the numbers of a queue's jobs, by the number of their status.</summary>
    public IReadOnlyList<int> Of(JobQueue queue) => _byQueue.GetValueOrDefault(queue.Arn, None);

    public void Follow(Job? before, Job job)
    {
        var queue = job.Specification.JobQueueArn;
        if (!_byQueue.TryGetValue(queue, out var counts))
        {
            _byQueue[queue] = counts = new int[Statuses];
        }

        Add(counts, before, -1);
        Add(counts, job, 1);
    }

    public void Follow(Resource? before, Resource? resource)
    {
        if (resource is null && before is JobQueue queue)
        {
            _byQueue.Remove(queue.Arn);
        }
    }

    public void Clear() => _byQueue.Clear();

    private static void Add(int[] counts, Job? job, int sign)
    {
        if (job?.Status.IsFinished() == false)
        {
            counts[(int)job.Status] += sign;
        }
    }
}
