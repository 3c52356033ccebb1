using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Resources of one kind that are being deleted, and stay until their last job has ended.</summary>
internal sealed class DeletedResources<T> : IProjection
    where T : StatefulResource
{
    private readonly SortedSet<string> _arns = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Arns => _arns;

    public void Follow(Resource? before, Resource? resource)
    {
        if (resource is T { Status: ResourceStatus.Deleting } deleted)
        {
            _arns.Add(deleted.Arn);
        }
        else if ((resource ?? before) is T other)
        {
            _arns.Remove(other.Arn);
        }
    }

    public void Clear() => _arns.Clear();
}
