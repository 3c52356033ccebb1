using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>Work that runs containers as ECS or EKS does.</summary>
public abstract record ContainersWork : JobWork
{
    /// <summary>Maximum length of the reason of a task; an engine's message may be longer.</summary>
    private const int MaximumStatusReason = 1024;

    /// <summary>Names of the containers whose outcomes are shown one by one; null if only the attempt's is shown.</summary>
    internal abstract IReadOnlyList<string>? ContainerNames { get; }

    internal sealed override Attempt Outcome(Job job, AttemptEnd end, Attempt attempt) => end switch
    {
        AttemptExited exited => Exited(job, exited, attempt),
        AttemptNotStarted failed when StatusReasons.IsOfTask(failed.Reason) => attempt with
        {
            StatusReason = ContainerReasons.Short(failed.Reason, MaximumStatusReason)!,
            Containers = Unknown(job),
        },
        AttemptNotStarted failed => attempt with
        {
            StatusReason = StatusReasons.TaskFailedToStart,
            ExitCode = failed.ExitCode,
            Reason = ContainerReasons.Short(failed.Reason),
            Containers = NotStarted(job, failed),
        },
        _ => attempt with { Containers = Unknown(job) },
    };

    /// <summary>Returns an attempt whose containers ran and ended.</summary>
    private protected abstract Attempt Exited(Job job, AttemptExited exited, Attempt attempt);

    /// <summary>Returns the reason that a container shows.</summary>
    private protected virtual string? ReasonOf(ContainerEnd end) => ContainerReasons.Short(end.Reason);

    /// <summary>Returns the log stream that a container shows; null if it shows none.</summary>
    private protected virtual string? StreamOf(Job job, string container) => null;

    /// <summary>Returns the outcomes of the containers of an attempt that could not be started.</summary>
    private List<ContainerOutcome>? NotStarted(Job job, AttemptNotStarted failed)
    {
        if (ContainerNames is not { } names)
        {
            return null;
        }

        var ends = failed.Containers
            ?? [.. names.Select((name, i) =>
                i == 0 ? new ContainerEnd(name, failed.ExitCode, failed.Reason) : new ContainerEnd(name, null))];
        return [.. ends.Select(end => new ContainerOutcome(end.Name, end.ExitCode, ReasonOf(end), StreamOf(job, end.Name)))];
    }

    /// <summary>Returns the outcomes of the containers of an attempt of which only the output is known.</summary>
    private List<ContainerOutcome>? Unknown(Job job) =>
        ContainerNames?.Select(name => new ContainerOutcome(name, null, null, StreamOf(job, name))).ToList();
}
