using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Cursor over the jobs of a fair-share queue: each placed job adds to the usage of its share.</summary>
internal sealed class FairShareCursor : OrderingCursor
{
    private readonly List<Place> _places;
    private readonly SchedulingPolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly double _reserved;
    private long _heldMilliVcpus;
    private Place? _lowest;

    /// <param name="shares">The active shares.</param>
    /// <param name="policy">The policy of the queue.</param>
    /// <param name="heldMilliVcpus">Holding of all shares together.</param>
    /// <param name="now">The time.</param>
    public FairShareCursor(IReadOnlyList<Share> shares, SchedulingPolicy policy, long heldMilliVcpus, DateTimeOffset now)
    {
        (_policy, _heldMilliVcpus, _now) = (policy, heldMilliVcpus, now);
        _reserved = policy.Reserved(shares.Count);
        _places = [.. shares.Where(share => share.Waiting.Count > 0).Select(share => new Place(share))];
        FindLowest();
    }

    public override Job? Head => _lowest?.Jobs.Current;

    public override bool Permits(double maximumMilliVcpus) =>
        _reserved == 0 || _heldMilliVcpus + Head!.Needs.MilliVcpus <= maximumMilliVcpus * (1 - _reserved);

    public override void Take(bool isPlaced)
    {
        var place = _lowest!;
        if (isPlaced)
        {
            place.AddedMilliVcpus += place.Jobs.Current.Needs.MilliVcpus;
            _heldMilliVcpus += place.Jobs.Current.Needs.MilliVcpus;
        }

        if (!place.Jobs.MoveNext())
        {
            _places.Remove(place);
        }

        FindLowest();
    }

    private void FindLowest()
    {
        _lowest = null;
        var lowest = (Usage: double.PositiveInfinity, Sequence: long.MaxValue);
        foreach (var place in _places)
        {
            var (usage, sequence) = (place.Share.Weighted(_now, _policy.Decay, place.AddedMilliVcpus), place.Jobs.Current.Sequence);
            if (usage < lowest.Usage || (usage == lowest.Usage && sequence < lowest.Sequence))
            {
                (lowest, _lowest) = ((usage, sequence), place);
            }
        }
    }

    private sealed class Place
    {
        public Place(Share share)
        {
            Share = share;
            Jobs = share.Waiting.GetEnumerator();
            Jobs.MoveNext();
        }

        public Share Share { get; }

        public IEnumerator<Job> Jobs { get; }

        public long AddedMilliVcpus { get; set; }
    }
}
