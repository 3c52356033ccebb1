using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>What placed jobs hold: of each environment and of the machine.</summary>
internal sealed class CapacityLedger(ResourceAmounts? host)
{
    private readonly Dictionary<string, ResourceAmounts> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Environment, string? Type), long> _instances = [];
    private ResourceAmounts _hostUsed;

    public ResourceAmounts Used(string environmentArn) => _used.GetValueOrDefault(environmentArn);

    public ResourceAmounts HostUsed => _hostUsed;

    /// <summary>Whether the machine has room. A job that needs more than the whole machine counts as the whole machine, so that it runs alone.</summary>
    public bool FitsHost(ResourceAmounts needs)
    {
        if (host is not { } total)
        {
            return true;
        }

        var after = _hostUsed + OnHost(needs);
        return after.MilliVcpus <= total.MilliVcpus && after.MemoryMiB <= total.MemoryMiB;
    }

    /// <summary>How many instances the jobs of a service environment hold.</summary>
    /// <param name="serviceEnvironmentArn">Of the environment.</param>
    /// <param name="type">Of this type, or of all for null.</param>
    public long InstancesUsed(string serviceEnvironmentArn, string? type) =>
        _instances.GetValueOrDefault((serviceEnvironmentArn, type));

    public void Take(string environmentArn, Job job)
    {
        _used[environmentArn] = Used(environmentArn) + job.Needs;
        _hostUsed += OnHost(job.Needs);
        CountInstances(environmentArn, job, 1);
    }

    public void Release(string environmentArn, Job job)
    {
        _used[environmentArn] = Used(environmentArn) - job.Needs;
        _hostUsed -= OnHost(job.Needs);
        CountInstances(environmentArn, job, -1);
    }

    public void Clear()
    {
        _used.Clear();
        _instances.Clear();
        _hostUsed = default;
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

    private ResourceAmounts OnHost(ResourceAmounts needs) => host is { } total
        ? new(Math.Min(needs.MilliVcpus, total.MilliVcpus), Math.Min(needs.MemoryMiB, total.MemoryMiB))
        : needs;
}
