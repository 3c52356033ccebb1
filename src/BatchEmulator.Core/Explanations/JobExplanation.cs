namespace BatchEmulator.Core.Explanations;

/// <summary>Explanation of why a job is where it is, in data and in sentences.</summary>
public sealed record JobExplanation
{
    public required string JobId { get; init; }

    public required string JobName { get; init; }

    /// <summary>Name of the queue.</summary>
    public required string JobQueue { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    /// <summary>Position in the queue, counted from 1; null unless the job is RUNNABLE, and if more than 1,000 jobs are ahead.</summary>
    public int? Position { get; init; }

    /// <summary>Time since when the job has its position, ISO 8601 in UTC.</summary>
    public string? AtPositionSince { get; init; }

    /// <summary>Some of the jobs ahead of it in its queue, the next to start first.</summary>
    public IReadOnlyList<RelatedJob>? Ahead { get; init; }

    /// <summary>Some of the unfinished jobs that it waits for.</summary>
    public IReadOnlyList<RelatedJob>? DependsOn { get; init; }

    /// <summary>Reasons, in the words of the scheduler, for which the head of the queue is not placed.</summary>
    public IReadOnlyList<ExplainedRefusal>? Refusals { get; init; }

    /// <summary>Checks of each compute environment that was asked for the head of the queue, in the queue's order.</summary>
    public IReadOnlyList<EnvironmentChecks>? Environments { get; init; }

    /// <summary>The same in plain sentences.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}

/// <summary>Checks of a compute environment.</summary>
/// <param name="Environment">Name of the environment.</param>
/// <param name="Checks">The checks that were made, in their order: the last one failed.</param>
public sealed record EnvironmentChecks(string Environment, IReadOnlyList<ExplainedCheck> Checks);

/// <summary>Result of a check.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Passed">True if the job passed it.</param>
public sealed record ExplainedCheck(string Check, bool Passed);

/// <summary>A job that another one waits for.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="JobName">Name of the job.</param>
/// <param name="Status">Status of the job.</param>
public sealed record RelatedJob(string JobId, string JobName, string Status);

/// <summary>A reason for which a job is not placed.</summary>
/// <param name="Environment">Name of the environment that refuses the job; null for a reason that is the job's own.</param>
/// <param name="Reason">The reason as one word.</param>
/// <param name="Sentence">The reason as a sentence.</param>
public sealed record ExplainedRefusal(string? Environment, string Reason, string Sentence);
