using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Whether the service has instances for a service job (User Guide, "Mapping AWS Batch service job status to SageMaker AI status" and "Jobs stuck in
/// RUNNABLE due to capacity").
/// </summary>
internal static class ServiceCapacity
{
    /// <summary>How long AWS Batch waits until it asks the service again is not documented.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>The service has none: the job is RUNNABLE again, in its old place, and has lost no attempt.</summary>
    public static void Lacks(Turn turn, Job job) => turn.Record(job.To(JobStatus.Runnable) with
    {
        Current = null,
        Service = job.Service! with { NoCapacitySince = job.Service!.NoCapacitySince ?? job.Service!.ScheduledAt, NotBefore = turn.Now + AskAgainAfter },
    });

    /// <summary>The service has them: the job is STARTING, which here is told only when it has started.</summary>
    public static Job Found(Turn turn, Job job)
    {
        var starting = job.To(JobStatus.Starting) with { Service = job.Service! with { NoCapacitySince = null } };
        turn.Record(starting);
        return starting;
    }
}
