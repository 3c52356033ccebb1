using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Capacity of the service for a service job (User Guide, "Mapping AWS Batch service job status to SageMaker AI status" and "Jobs
/// stuck in RUNNABLE due to capacity").
/// </summary>
internal static class ServiceCapacity
{
    /// <summary>
    /// How long AWS Batch waits until it asks the service again is not documented: here, as long as it has been asking already, within
    /// these bounds.
    /// </summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The service has none: the job is RUNNABLE again, in its old place, and has lost no attempt.</summary>
    public static void Lacks(Turn turn, Job job)
    {
        var since = job.Service!.NoCapacitySince ?? job.Service.ScheduledAt!.Value;
        var pause = TimeSpan.FromTicks(Math.Clamp((turn.Now - since).Ticks, ShortestPause.Ticks, LongestPause.Ticks));
        turn.Record(job.To(JobStatus.Runnable) with
        {
            Current = null,
            Service = job.Service with { NoCapacitySince = since, NotBefore = turn.Now + pause },
        });
    }

    /// <summary>The service has them: the job is STARTING, which here is told only when it has started.</summary>
    public static Job Found(Turn turn, Job job)
    {
        var starting = job.To(JobStatus.Starting) with { Service = job.Service! with { NoCapacitySince = null } };
        turn.Record(starting);
        return starting;
    }
}
