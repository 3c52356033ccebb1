namespace BatchEmulator.Core.Engine;

/// <summary>Numbers of waits by their length.</summary>
public sealed class WaitHistogram
{
    private readonly long[] _counts = new long[Bounds.Count + 1];
    private long _milliseconds;

    /// <summary>Upper bounds of the buckets in seconds: jobs start at once or wait for a day.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.01, 0.1, 1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400];

    /// <summary>Number of waits.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of all waits in seconds.</summary>
    public double Seconds => _milliseconds / 1000.0;

    /// <summary>Returns the number of waits that were at most as long as each bound.</summary>
    public IEnumerable<(double Bound, long Count)> Buckets()
    {
        var sum = 0L;
        for (var bucket = 0; bucket < Bounds.Count; bucket++)
        {
            yield return (Bounds[bucket], sum += _counts[bucket]);
        }
    }

    internal void Add(long milliseconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Count && milliseconds > Bounds[bucket] * 1000)
        {
            bucket++;
        }

        _counts[bucket]++;
        Count++;
        _milliseconds += milliseconds;
    }

    /// <summary>Returns a copy that later waits do not change.</summary>
    internal WaitHistogram Copy()
    {
        var copy = new WaitHistogram { Count = Count, _milliseconds = _milliseconds };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }
}
