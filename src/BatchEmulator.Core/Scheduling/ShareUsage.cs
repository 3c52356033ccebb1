namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// What a share identifier has used of late: its vCPUs, averaged over time with a weight that fades. Kept because it decides who is next
/// after a restart as before it.
/// </summary>
/// <param name="JobQueueArn">Share identifiers belong to a queue (User Guide, "Use share identifiers to identify workloads").</param>
/// <param name="ShareIdentifier">Whose.</param>
/// <param name="MilliVcpus">The average at the time.</param>
/// <param name="At">When what the share holds last changed.</param>
public sealed record ShareUsage(string JobQueueArn, string ShareIdentifier, double MilliVcpus, DateTimeOffset At)
{
    /// <summary>
    /// How much of a usage is left when the policy's decay time has passed, and it is forgotten. AWS documents that recent usage weighs more
    /// and that there is an end to it, not the curve.
    /// </summary>
    private const double LeftAtTheEnd = 0.01;

    /// <summary>The average moves from where it was toward what is held.</summary>
    /// <param name="now">Not before <see cref="At"/>.</param>
    /// <param name="heldMilliVcpus">By the share's jobs, since <see cref="At"/>.</param>
    /// <param name="decay">Of the policy.</param>
    public double Average(DateTimeOffset now, long heldMilliVcpus, TimeSpan decay) =>
        now <= At ? MilliVcpus : heldMilliVcpus + ((MilliVcpus - heldMilliVcpus) * Math.Pow(LeftAtTheEnd, (now - At) / decay));
}
