namespace BatchEmulator.Core.Jobs;

/// <summary>
/// The states of a job, in the order of a job's life (User Guide, "Job states" and "Mapping AWS Batch service job status to SageMaker AI
/// status"). Their numbers are stored.
/// </summary>
public enum JobStatus
{
    Submitted,
    Pending,
    Runnable,

    /// <summary>Handed over to its service; only service jobs.</summary>
    Scheduled,
    Starting,
    Running,
    Succeeded,
    Failed,
}

/// <summary>Names and groups of job states.</summary>
public static class JobStatusWords
{
    private static readonly string[] Words =
    [
        Contract.Batch.JobStatus.Submitted, Contract.Batch.JobStatus.Pending, Contract.Batch.JobStatus.Runnable,
        Contract.Batch.ServiceJobStatus.Scheduled, Contract.Batch.JobStatus.Starting, Contract.Batch.JobStatus.Running,
        Contract.Batch.JobStatus.Succeeded, Contract.Batch.JobStatus.Failed,
    ];

    public static string Wire(this JobStatus status) => Words[(int)status];

    /// <summary>Returns the state of a name that the model's constraints have accepted.</summary>
    public static JobStatus Parse(string word) => (JobStatus)Array.IndexOf(Words, word);

    public static bool IsFinished(this JobStatus status) => status is JobStatus.Succeeded or JobStatus.Failed;

    /// <summary>Returns true if the job holds capacity of an environment.</summary>
    public static bool IsPlaced(this JobStatus status) => status is JobStatus.Scheduled or JobStatus.Starting or JobStatus.Running;
}
