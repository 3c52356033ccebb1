using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>
/// The ordering of a queue with a fair-share policy (User Guide, "Use fair-share scheduling to help schedule jobs"): the next share
/// identifier is the one with the lowest weighted usage, among equal ones that whose first job was submitted first. Finding the head takes
/// one step for each active share, of which there are at most <see cref="MaximumShares"/>.
/// </summary>
internal sealed class FairShare(string queueArn, SchedulingPolicy policy) : Ordering(order: null)
{
    /// <summary>Maximum number of active shares (API Reference, CreateJobQueue, schedulingPolicyArn).</summary>
    public const int MaximumShares = 500;

    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private SchedulingPolicy _policy = policy;

    public override bool ChangesWithTime => true;

    /// <summary>Active shares: those with unfinished jobs, and those whose usage is not forgotten yet.</summary>
    public override IReadOnlyCollection<Share> Shares => _shares.Values;

    public bool Takes(string shareIdentifier) => _shares.ContainsKey(shareIdentifier) || _shares.Count < MaximumShares;

    public override IEnumerable<ShareLoad> Loads(DateTimeOffset now) => _shares.Values
        .OrderBy(share => share.Identifier, StringComparer.Ordinal)
        .Select(share => new ShareLoad(
            share.Identifier,
            share.Held.MilliVcpus / 1000.0,
            share.Weighted(now, _policy.Decay, addedMilliVcpus: 0) / 1000.0,
            share.Weight));

    public override void Add(Job job) => Of(job).Waiting.Add(job);

    public override void Remove(Job job) => Of(job).Waiting.Remove(job);

    public override OrderingCursor Begin(DateTimeOffset now) => new FairShareCursor([.. _shares.Values], _policy, Held.MilliVcpus, now);

    public override void Follow(SchedulingPolicy? policy)
    {
        _policy = policy!;
        foreach (var share in _shares.Values)
        {
            share.Weight = _policy.WeightOf(share.Identifier);
        }
    }

    public override void Follow(Job? before, Job job)
    {
        var share = Of(job);
        share.Unfinished += CountOf(job) - CountOf(before);
        DropIfInactive(share);
    }

    public override void Hold(Job job, int sign)
    {
        base.Hold(job, sign);
        Of(job).Held.Add(job, sign);
    }

    /// <summary>Returns the present usage of the job's share, unless the last note has the same time.</summary>
    public override OrderingNote? NoteBeforeChange(Job job, DateTimeOffset now)
    {
        var share = Of(job);
        var usage = share.Usage is null ? new ShareUsage(0, now)
            : now <= share.Usage.At ? null
            : new ShareUsage(share.Usage.Average(now, share.Held.MilliVcpus, _policy.Decay), now);
        return usage?.ToNote(queueArn, share.Identifier);
    }

    /// <summary>Returns expired usages of shares without jobs.</summary>
    public override IReadOnlyList<OrderingNote> ExpiredNotes(DateTimeOffset now) =>
    [
        .. _shares.Values.Where(s => s.Unfinished == 0 && s.Usage is { } usage && usage.At + _policy.Decay <= now)
            .OrderBy(s => s.Identifier, StringComparer.Ordinal).Select(s => s.Usage!.ToNote(queueArn, s.Identifier)),
    ];

    public override void Apply(OrderingNote note) => Of(note.Key).Usage = ShareUsage.Of(note);

    public override void Forget(OrderingNote note)
    {
        var share = Of(note.Key);
        share.Usage = null;
        DropIfInactive(share);
    }

    private static int CountOf(Job? job) => job?.Status.IsFinished() == false ? 1 : 0;

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
