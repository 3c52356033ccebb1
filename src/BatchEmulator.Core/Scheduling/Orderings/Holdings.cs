using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Capacity that some placed jobs hold.</summary>
internal sealed class Holdings
{
    private readonly SortedDictionary<string, long> _instances = new(StringComparer.Ordinal);

    public long MilliVcpus { get; private set; }

    /// <summary>Number of instances that service jobs hold, by type; no type has none.</summary>
    public IReadOnlyDictionary<string, long> Instances => _instances;

    /// <summary>Adds what a job holds, or takes it away.</summary>
    /// <param name="job">The job.</param>
    /// <param name="sign">1 or -1.</param>
    public void Add(Job job, int sign)
    {
        MilliVcpus += sign * job.Needs.MilliVcpus;
        foreach (var (type, count) in job.Specification.Service?.Instances ?? [])
        {
            var held = _instances.GetValueOrDefault(type) + (sign * count);
            if (held == 0)
            {
                _instances.Remove(type);
            }
            else
            {
                _instances[type] = held;
            }
        }
    }
}
