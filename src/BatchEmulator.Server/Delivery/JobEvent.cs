using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Server.Delivery;

/// <summary>An event of a job that waits for its delivery; written out only when it is sent.</summary>
/// <param name="job">The job as it was then.</param>
/// <param name="at">When it happened.</param>
internal sealed class JobEvent(Job job, DateTimeOffset at)
{
    public Job Job => job;

    public DateTimeOffset At => at;

    /// <summary>The same at every attempt to deliver it, so that a receiver can tell a repetition.</summary>
    public Guid Id { get; } = Guid.NewGuid();
}
