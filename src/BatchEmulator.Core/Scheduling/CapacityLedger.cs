using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>What placed jobs hold: of each compute environment and of the machine.</summary>
internal sealed class CapacityLedger(ResourceAmounts? host)
{
    private readonly Dictionary<string, ResourceAmounts> _used = new(StringComparer.Ordinal);
    private ResourceAmounts _hostUsed;

    public ResourceAmounts Used(string computeEnvironmentArn) => _used.GetValueOrDefault(computeEnvironmentArn);

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

    public void Take(string computeEnvironmentArn, ResourceAmounts needs)
    {
        _used[computeEnvironmentArn] = Used(computeEnvironmentArn) + needs;
        _hostUsed += OnHost(needs);
    }

    public void Release(string computeEnvironmentArn, ResourceAmounts needs)
    {
        _used[computeEnvironmentArn] = Used(computeEnvironmentArn) - needs;
        _hostUsed -= OnHost(needs);
    }

    public void Clear()
    {
        _used.Clear();
        _hostUsed = default;
    }

    private ResourceAmounts OnHost(ResourceAmounts needs) => host is { } total
        ? new(Math.Min(needs.MilliVcpus, total.MilliVcpus), Math.Min(needs.MemoryMiB, total.MemoryMiB))
        : needs;
}
