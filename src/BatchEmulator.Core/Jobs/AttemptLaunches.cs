using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Jobs;

/// <summary>Derives the launch of a placed job. The same job gives the same launch, so that it need not be stored.</summary>
public static class AttemptLaunches
{
    /// <inheritdoc cref="ContainerLaunches.DefaultName"/>
    public const string DefaultContainer = ContainerLaunches.DefaultName;

    /// <param name="job">A job with a current attempt.</param>
    /// <param name="jobEnvironment">Environment variables that are added to those of every job.</param>
    public static AttemptLaunch For(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var (specification, work) = (job.Specification, job.Work);
        return new AttemptLaunch
        {
            Key = job.CurrentKey!.Value,
            Scope = job.Scope,
            JobName = specification.JobName,
            JobQueue = Arn.NameOf(specification.JobQueueArn),
            JobDefinition = specification.JobDefinitionArn is { } definition ? Arn.NameOf(definition) : null,
            Index = job.Index,
            HasAddress = job.HasAddress,
            Network = job.IsNode ? new AttemptKey(job.ParentId!, job.Current!.Number) : null,
            Needs = specification.Needs,
            Work = work,
            Containers = work.Launch(job, jobEnvironment),
        };
    }
}
