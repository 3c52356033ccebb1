using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Numbers of unfinished jobs, by queue.</summary>
internal sealed class JobCounts : IProjection
{
    private readonly Dictionary<string, int> _byQueue = new(StringComparer.Ordinal);

    public int Of(JobQueue queue) => _byQueue.GetValueOrDefault(queue.Arn);

    public void Follow(Job? before, Job job)
    {
        var queue = job.Specification.JobQueueArn;
        _byQueue[queue] = _byQueue.GetValueOrDefault(queue) + CountOf(job) - CountOf(before);
    }

    public void Follow(Resource? before, Resource? resource)
    {
        if (resource is null && before is JobQueue queue)
        {
            _byQueue.Remove(queue.Arn);
        }
    }

    public void Clear() => _byQueue.Clear();

    private static int CountOf(Job? job) => job?.Status.IsFinished() == false ? 1 : 0;
}
