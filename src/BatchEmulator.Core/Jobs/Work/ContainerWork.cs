using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>The container of a single-container job.</summary>
/// <param name="Properties">Specification of the user.</param>
public sealed record ContainerWork(Wire.ContainerProperties Properties) : ContainersWork
{
    internal override ResourceAmounts Needs => ContainerResourceRules.AmountsOf(Properties);

    internal override Wire.LogConfiguration? LogConfiguration => Properties.LogConfiguration;

    internal override IReadOnlyList<string>? ContainerNames => null;

    internal override IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment) =>
        [ContainerLaunches.Of(job, ContainerLaunches.DefaultName, Properties, jobEnvironment)];

    internal override Wire.JobDetail Describe(Job job, Wire.JobDetail detail) => detail with { Container = Container(job) };

    private protected override Attempt Exited(Job job, AttemptExited exited, Attempt attempt) =>
        attempt with { ExitCode = exited.Containers[0].ExitCode, Reason = ContainerReasons.Short(exited.Containers[0].Reason) };

    /// <summary>Returns the specified members, with the runtime members of the latest attempt.</summary>
    private Wire.ContainerDetail Container(Job job)
    {
        var detail = ContainerDetails.Of(Properties);
        if (job.Current is { } current)
        {
            return detail with
            {
                TaskArn = current.TaskArn,
                ContainerInstanceArn = current.ContainerInstanceArn,
                LogStreamName = current.LogStreamName,
                NetworkInterfaces = NetworkInterfaces.Of(job, current.TaskArn, current.PrivateAddress),
            };
        }

        return job.Attempts.Count == 0 ? detail : detail with
        {
            TaskArn = job.Attempts[^1].TaskArn,
            ContainerInstanceArn = job.Attempts[^1].ContainerInstanceArn,
            LogStreamName = job.Attempts[^1].LogStreamName,
            ExitCode = job.Attempts[^1].ExitCode,
            Reason = job.Attempts[^1].Reason,
            NetworkInterfaces = NetworkInterfaces.Of(job, job.Attempts[^1].TaskArn, job.Attempts[^1].PrivateAddress),
        };
    }
}
