using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Executors.Machine;

/// <summary>
/// vCPUs and memory of this machine, and the attempts that hold them. An attempt, or the nodes of a multi-node parallel job together,
/// counts for at most half of the machine, so that two always run side by side. Not safe for concurrent use.
/// </summary>
internal sealed class MachineRoom(ResourceAmounts total)
{
    private readonly Dictionary<AttemptKey, Holding> _holdings = [];
    private readonly Dictionary<AttemptKey, AttemptKey> _owners = [];
    private ResourceAmounts _used;

    public ResourceAmounts Total { get; } = total;

    /// <summary>Takes room for an attempt if there is enough, or if a node of its job holds room for all of them already.</summary>
    /// <param name="launch">The attempt.</param>
    /// <param name="isNext">True if no other attempt waits before it.</param>
    public bool TryTake(AttemptLaunch launch, bool isNext)
    {
        if (!_holdings.ContainsKey(OwnerOf(launch)) && !(isNext && Fits(launch)))
        {
            return false;
        }

        Take(launch);
        return true;
    }

    /// <summary>Takes room for an attempt whether there is enough or not: it runs already.</summary>
    public void Take(AttemptLaunch launch)
    {
        var owner = OwnerOf(launch);
        if (!_holdings.TryGetValue(owner, out var holding))
        {
            _holdings[owner] = holding = new Holding(AmountsOf(launch));
            _used += holding.Amounts;
        }

        holding.Attempts.Add(launch.Key);
        _owners[launch.Key] = owner;
    }

    /// <summary>Frees the room of an attempt; that of a job's nodes is freed with the last of them.</summary>
    public void Release(AttemptKey key)
    {
        if (_owners.Remove(key, out var owner)
            && _holdings[owner] is var holding
            && holding.Attempts.Remove(key)
            && holding.Attempts.Count == 0)
        {
            _holdings.Remove(owner);
            _used -= holding.Amounts;
        }
    }

    private static AttemptKey OwnerOf(AttemptLaunch launch) => launch.Network ?? launch.Key;

    private bool Fits(AttemptLaunch launch)
    {
        var after = _used + AmountsOf(launch);
        return after.MilliVcpus <= Total.MilliVcpus && after.MemoryMiB <= Total.MemoryMiB;
    }

    private ResourceAmounts AmountsOf(AttemptLaunch launch) =>
        new(Math.Min(launch.Needs.MilliVcpus, Total.MilliVcpus / 2), Math.Min(launch.Needs.MemoryMiB, Total.MemoryMiB / 2));

    /// <summary>Room of one attempt, or of the nodes of a job.</summary>
    private sealed class Holding(ResourceAmounts amounts)
    {
        public ResourceAmounts Amounts { get; } = amounts;

        public HashSet<AttemptKey> Attempts { get; } = [];
    }
}
