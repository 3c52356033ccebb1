using System.Globalization;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>
/// Recent usage of a share identifier: its vCPUs, averaged over time with a decaying weight. It is noted because it decides the order after
/// a restart as before it.
/// </summary>
/// <param name="MilliVcpus">Average at the time.</param>
/// <param name="At">Time at which the share's holding last changed.</param>
internal sealed record ShareUsage(double MilliVcpus, DateTimeOffset At)
{
    /// <summary>
    /// Fraction of a usage that remains after the policy's decay time, when it is forgotten. AWS documents that recent usage weighs more
    /// and that it expires, but not the curve.
    /// </summary>
    private const double LeftAtTheEnd = 0.01;

    /// <summary>Reads the usage from its note.</summary>
    public static ShareUsage Of(OrderingNote note) => new(double.Parse(note.Text, CultureInfo.InvariantCulture), note.At);

    /// <summary>Writes the usage as a note.</summary>
    /// <param name="queueArn">
    /// ARN of the queue, to which share identifiers belong (User Guide, "Use share identifiers to identify workloads").
    /// </param>
    /// <param name="shareIdentifier">Share identifier.</param>
    public OrderingNote ToNote(string queueArn, string shareIdentifier) =>
        new(queueArn, shareIdentifier, MilliVcpus.ToString("R", CultureInfo.InvariantCulture), At);

    /// <summary>Returns the average after some time: it moves from its last value toward the holding.</summary>
    /// <param name="now">Time, not before <see cref="At"/>.</param>
    /// <param name="heldMilliVcpus">Holding of the share's jobs since <see cref="At"/>.</param>
    /// <param name="decay">Decay time of the policy.</param>
    public double Average(DateTimeOffset now, long heldMilliVcpus, TimeSpan decay) =>
        now <= At ? MilliVcpus : heldMilliVcpus + ((MilliVcpus - heldMilliVcpus) * Math.Pow(LeftAtTheEnd, (now - At) / decay));
}
