using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Amounts that placed jobs hold of each environment.</summary>
internal sealed class CapacityLedger
{
    private readonly Dictionary<string, ResourceAmounts> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Environment, string? Type), long> _instances = [];

    public ResourceAmounts Used(string environmentArn) => _used.GetValueOrDefault(environmentArn);

    /// <summary>How many instances the jobs of a service environment hold.</summary>
    /// <param name="serviceEnvironmentArn">Of the environment.</param>
    /// <param name="type">Of this type, or of all for null.</param>
    public long InstancesUsed(string serviceEnvironmentArn, string? type) =>
        _instances.GetValueOrDefault((serviceEnvironmentArn, type));

    public void Take(string environmentArn, Job job)
    {
        _used[environmentArn] = Used(environmentArn) + job.Needs;
        CountInstances(environmentArn, job, 1);
    }

    public void Release(string environmentArn, Job job)
    {
        _used[environmentArn] = Used(environmentArn) - job.Needs;
        CountInstances(environmentArn, job, -1);
    }

    public void Clear()
    {
        _used.Clear();
        _instances.Clear();
    }

    private void CountInstances(string environmentArn, Job job, int sign)
    {
        foreach (var (type, count) in job.Specification.Service?.Instances ?? [])
        {
            CountInstances(environmentArn, type, sign * count);
            CountInstances(environmentArn, type: null, sign * count);
        }
    }

    private void CountInstances(string environmentArn, string? type, int difference) =>
        _instances[(environmentArn, type)] = InstancesUsed(environmentArn, type) + difference;
}
