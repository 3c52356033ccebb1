using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Queues that are being deleted.</summary>
internal sealed class DeletedQueues : IProjection
{
    private readonly SortedSet<string> _arns = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Arns => _arns;

    public void Follow(Resource? before, Resource? resource)
    {
        if (resource is JobQueue { Status: ResourceStatus.Deleting } deleted)
        {
            _arns.Add(deleted.Arn);
        }
        else if ((resource ?? before) is JobQueue queue)
        {
            _arns.Remove(queue.Arn);
        }
    }

    public void Clear() => _arns.Clear();
}
