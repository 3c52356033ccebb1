using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>The runnable jobs of one queue. In which order they are to start is what kinds of queues differ in.</summary>
internal abstract class WaitingJobs
{
    /// <summary>The job that is to start next; null when none waits.</summary>
    public abstract Job? Head(DateTimeOffset now);

    public abstract void Add(Job job);

    public abstract void Remove(Job job);

    /// <summary>Whether the order itself lets a job be placed now, if the compute environments have room.</summary>
    /// <param name="head">The job.</param>
    /// <param name="maximumMilliVcpus">Of all compute environments that take the queue's jobs.</param>
    public virtual bool Permits(Job head, double maximumMilliVcpus) => true;
}
