using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Capacity of the service for a service job (User Guide, "Mapping AWS Batch service job status to SageMaker AI status" and "Jobs
/// stuck in RUNNABLE due to capacity").
/// </summary>
internal static class ServiceCapacity
{
    /// <summary>
    /// Time until the service is asked again. AWS does not document it: here, as long as it has been asked already, within these bounds.
    /// </summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Reports that the service has no instances: the job is RUNNABLE again, in its old place, and has lost no attempt.</summary>
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

    /// <summary>Reports that the service has instances: the job is STARTING, which is reported here only with its start.</summary>
    public static Job Found(Turn turn, Job job)
    {
        var starting = job.To(JobStatus.Starting) with { Service = job.Service! with { NoCapacitySince = null } };
        turn.Record(starting);
        return starting;
    }
}
