namespace BatchEmulator.Core.Operations;

/// <summary>Sentences whose exact wording on AWS no source is known for. Each stands here once, to be replaced when it is.</summary>
public static class OpenTexts
{
    public const string DeleteNeedsDisabled = "Cannot delete, state must be DISABLED.";
    public const string QueueTakesNoJobs = "JobQueue is not in a valid state to accept jobs.";
    public const string ShareIdentifierIsRequired = "ShareIdentifier is required for job queue with fair share scheduling policy.";
    public const string TooManyJobs = "The number of jobs that are not finished has reached its limit.";

    public static string DependencyNotFound(string jobId) => $"Job {jobId} given in dependsOn does not exist.";

    public static string ResourceNotFound(string arn) => $"Resource {arn} not found.";
}
