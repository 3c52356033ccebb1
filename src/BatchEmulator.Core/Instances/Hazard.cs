namespace BatchEmulator.Core.Instances;

/// <summary>Times of Spot interruptions, which are the same for the same seed.</summary>
internal static class Hazard
{
    /// <summary>Name that stands for every type without a hazard rate of its own.</summary>
    public const string Every = "*";

    /// <summary>Name that stands for the tasks of FARGATE_SPOT environments.</summary>
    public const string FargateSpot = "FARGATE_SPOT";

    /// <summary>Longest time that is drawn; a later interruption counts as none.</summary>
    private const double LongestHours = 24 * 365;

    /// <summary>Draws the time at which a Spot instance or task is interrupted: exponential, as a constant hazard rate has it.</summary>
    /// <param name="market">The market.</param>
    /// <param name="type">Instance type, or <see cref="FargateSpot"/>.</param>
    /// <param name="number">Number of the instance or task, which decides the draw.</param>
    /// <param name="now">Time from which it can be interrupted.</param>
    /// <returns>The time; null for never.</returns>
    public static DateTimeOffset? Draw(Market market, string type, long number, DateTimeOffset now)
    {
        var rate = market.HazardOf(type);
        if (rate <= 0)
        {
            return null;
        }

        var hours = -Math.Log(Uniform(market.Seed, number)) / rate;
        return hours > LongestHours ? null : now.AddMilliseconds(Math.Ceiling(hours * 3_600_000));
    }

    /// <summary>Returns a number above 0 and at most 1 (SplitMix64).</summary>
    private static double Uniform(int seed, long number)
    {
        unchecked
        {
            var z = ((ulong)seed * 0xD1B54A32D192ED03UL) + ((ulong)number * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            return ((z >> 11) + 1) / (double)(1UL << 53);
        }
    }
}
