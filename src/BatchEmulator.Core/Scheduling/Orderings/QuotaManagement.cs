using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>
/// The ordering of a queue with quota shares, each of which is a line of its own (User Guide, "Quota management"). The scheduler goes round
/// the lines; <see cref="QuotaPass"/> decides which of them may have what.
/// </summary>
internal sealed class QuotaManagement() : Ordering(order: null)
{
    private readonly Dictionary<string, QuotaLine> _lines = new(StringComparer.Ordinal);

    /// <summary>The lines, in the order in which their shares were created.</summary>
    public IReadOnlyList<QuotaLine> Lines =>
        [.. _lines.Values.OrderBy(line => line.Share?.Sequence ?? long.MaxValue).ThenBy(line => line.Name, StringComparer.Ordinal)];

    public override IEnumerable<QuotaLoad> QuotaLoads => Lines.SelectMany(line => (line.Share?.CapacityLimits ?? [])
        .Select(limit => new QuotaLoad(line.Name, limit.CapacityUnit!, line.HeldOf(limit.CapacityUnit!), limit.MaxCapacity!.Value)));

    /// <summary>Returns the line of a job.</summary>
    public QuotaLine Of(Job job) => Of(job.Specification.QuotaShareName!);

    /// <summary>Returns the line of a share.</summary>
    public QuotaLine Of(QuotaShare share) => Of(share.Name);

    public override PositionTimes PositionsOf(Job job) => Of(job).Positions;

    public override void Add(Job job) => Of(job).Waiting.Add(job);

    public override void Remove(Job job) => Of(job).Waiting.Remove(job);

    public override OrderingCursor Begin(DateTimeOffset now) => new SequenceCursor(Round());

    public override OrderingCursor BeginLineOf(Job job, DateTimeOffset now) => new SequenceCursor(Of(job).Waiting);

    public override void Follow(Job? before, Job job) => Of(job).Follow(before, job);

    public override void Hold(Job job, int sign)
    {
        base.Hold(job, sign);
        Of(job).Held.Add(job, sign);
    }

    public override void Follow(QuotaShare? before, QuotaShare? share)
    {
        if (share is null)
        {
            _lines.Remove(before!.Name);
        }
        else
        {
            Of(share.Name).Share = share;
        }
    }

    /// <summary>Returns the waiting jobs: the first of each line, then the second of each, and so on.</summary>
    private IEnumerable<Job> Round()
    {
        var places = Lines.Select(line => line.Waiting.GetEnumerator()).ToList();
        while (places.Count > 0)
        {
            for (var i = 0; i < places.Count; i++)
            {
                var place = places[i];
                if (place.MoveNext())
                {
                    places[i] = place;
                    yield return place.Current;
                }
                else
                {
                    places.RemoveAt(i--);
                }
            }
        }
    }

    private QuotaLine Of(string name)
    {
        if (!_lines.TryGetValue(name, out var line))
        {
            _lines[name] = line = new QuotaLine(name);
        }

        return line;
    }
}
