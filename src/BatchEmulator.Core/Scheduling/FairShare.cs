using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// The ordering of a queue with a fair-share policy (User Guide, "Use fair-share scheduling to help schedule jobs"): next is the share
/// identifier whose weighted usage is lowest, of equal ones that whose first job was submitted first. A look at the head costs a look at each
/// active share, of which there are at most <see cref="MaximumShares"/>.
/// </summary>
internal sealed class FairShare(string queueArn, SchedulingPolicy policy) : WaitingJobs
{
    /// <summary>API Reference, CreateJobQueue, schedulingPolicyArn.</summary>
    public const int MaximumShares = 500;

    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private SchedulingPolicy _policy = policy;
    private long _heldMilliVcpus;

    /// <summary>A share identifier is active while it has jobs that are not finished, and until its usage is forgotten.</summary>
    public IReadOnlyCollection<Share> Shares => _shares.Values;

    public bool Takes(string shareIdentifier) => _shares.ContainsKey(shareIdentifier) || _shares.Count < MaximumShares;

    public override Job? Head(DateTimeOffset now)
    {
        (double Usage, long Sequence, Job? Job) lowest = (double.PositiveInfinity, long.MaxValue, null);
        foreach (var share in _shares.Values)
        {
            if (share.Waiting.Min is { } job)
            {
                var (usage, sequence) = (share.Weighted(now, _policy.Decay), job.Sequence);
                lowest = usage < lowest.Usage || (usage == lowest.Usage && sequence < lowest.Sequence) ? (usage, sequence, job) : lowest;
            }
        }

        return lowest.Job;
    }

    public override void Add(Job job) => Of(job).Waiting.Add(job);

    public override void Remove(Job job) => Of(job).Waiting.Remove(job);

    public override bool Permits(Job head, double maximumMilliVcpus)
    {
        var reserved = _policy.Reserved(_shares.Count);
        return reserved == 0 || _heldMilliVcpus + head.Needs.MilliVcpus <= maximumMilliVcpus * (1 - reserved);
    }

    /// <summary>The policy is another, or has changed.</summary>
    public void Follow(SchedulingPolicy policy)
    {
        _policy = policy;
        foreach (var share in _shares.Values)
        {
            share.Weight = policy.WeightOf(share.Identifier);
        }
    }

    public void Count(Job job, int difference)
    {
        var share = Of(job);
        share.Unfinished += difference;
        DropIfInactive(share);
    }

    public void Hold(Job job, long milliVcpus)
    {
        Of(job).HeldMilliVcpus += milliVcpus;
        _heldMilliVcpus += milliVcpus;
    }

    /// <summary>The usage of a job's share as of now; null when the last one noted is of the same time.</summary>
    public ShareUsage? UsageAt(Job job, DateTimeOffset now)
    {
        var share = Of(job);
        return share.Usage is null ? new ShareUsage(queueArn, share.Identifier, 0, now)
            : now <= share.Usage.At ? null
            : share.Usage with { MilliVcpus = share.Usage.Average(now, share.HeldMilliVcpus, _policy.Decay), At = now };
    }

    public void Note(ShareUsage usage) => Of(usage.ShareIdentifier).Usage = usage;

    public void Forget(ShareUsage usage)
    {
        var share = Of(usage.ShareIdentifier);
        share.Usage = null;
        DropIfInactive(share);
    }

    /// <summary>Usages that count no longer, of shares that have no jobs.</summary>
    public IReadOnlyList<ShareUsage> Faded(DateTimeOffset now) =>
    [
        .. _shares.Values.Where(s => s.Unfinished == 0).Select(s => s.Usage).OfType<ShareUsage>()
            .Where(usage => usage.At + _policy.Decay <= now).OrderBy(usage => usage.ShareIdentifier, StringComparer.Ordinal),
    ];

    private Share Of(Job job) => Of(job.Specification.ShareIdentifier!);

    private Share Of(string identifier)
    {
        if (!_shares.TryGetValue(identifier, out var share))
        {
            _shares[identifier] = share = new Share(identifier) { Weight = _policy.WeightOf(identifier) };
        }

        return share;
    }

    private void DropIfInactive(Share share)
    {
        if (share is { Unfinished: 0, Usage: null })
        {
            _shares.Remove(share.Identifier);
        }
    }
}
