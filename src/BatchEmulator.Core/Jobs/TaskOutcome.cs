using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Jobs;

/// <summary>What the ends of its containers make of a multi-container job's attempt (User Guide, "Multi-container jobs").</summary>
internal static class TaskOutcome
{
    private const int Sigkill = 137;
    private const int Sigterm = 143;

    /// <summary>
    /// The first essential container to end takes the others with it, so an essential container that was stopped says nothing against
    /// one that succeeded.
    /// </summary>
    public static Attempt Of(Job job, Wire.EcsTaskProperties task, AttemptExited exited, Attempt attempt)
    {
        var byName = task.Containers!.ToDictionary(AttemptLaunches.NameOf, StringComparer.Ordinal);
        var essential = exited.Containers.Where(c => TaskContainers.IsEssential(byName[c.Name])).ToList();
        var succeeded = essential.Exists(c => c.ExitCode == 0);
        var decisive = essential.Find(c => c.ExitCode is { } code && code != 0 && !(succeeded && code is (Sigkill or Sigterm) && c.Reason is null))
            ?? essential.Find(c => c.ExitCode == 0)
            ?? essential.FirstOrDefault();
        return attempt with
        {
            ExitCode = decisive?.ExitCode,
            Reason = ContainerReasons.Short(decisive?.Reason),
            Containers =
            [
                .. exited.Containers.Select(c => new ContainerOutcome(
                    c.Name,
                    c.ExitCode,
                    ContainerReasons.Short(c.Reason),
                    StreamOf(job, task, c.Name))),
            ],
        };
    }

    /// <summary>What each container shows of an attempt that could not be started; null for a job of a single one.</summary>
    public static IReadOnlyList<ContainerOutcome>? OfFailure(Job job, AttemptNotStarted failed)
    {
        var workload = job.Workload;
        if (NamesOf(workload) is not { } names)
        {
            return null;
        }

        var ends = failed.Containers ?? [.. names.Select((name, i) => i == 0 ? new ContainerEnd(name, failed.ExitCode, failed.Reason) : new ContainerEnd(name, null))];
        return
        [
            .. ends.Select(c => new ContainerOutcome(
                c.Name,
                c.ExitCode,
                workload.Pod is null ? ContainerReasons.Short(c.Reason) : ContainerReasons.OfPod(c),
                workload.Task is { } task ? StreamOf(job, task, c.Name) : null)),
        ];
    }

    /// <summary>What each container shows of an attempt of which no more is known than what it wrote; null for a job of a single one.</summary>
    public static IReadOnlyList<ContainerOutcome>? OfLoss(Job job)
    {
        var workload = job.Workload;
        return NamesOf(workload)?.Select(name => new ContainerOutcome(
            name, null, null, workload.Task is { } task ? StreamOf(job, task, name) : null)).ToList();
    }

    private static IEnumerable<string>? NamesOf(Workload workload) => workload switch
    {
        { Task: { } task } => task.Containers!.Select(AttemptLaunches.NameOf),
        { Pod: { } pod } => (pod.InitContainers ?? []).Concat(pod.Containers!).Select(PodLaunches.NameOf),
        _ => null,
    };

    private static string StreamOf(Job job, Wire.EcsTaskProperties task, string name) =>
        JobLog.StreamName(job, task.Containers!.First(c => AttemptLaunches.NameOf(c) == name).LogConfiguration, name, job.Current!.TaskId);

    /// <summary>A pod succeeds when all its containers have.</summary>
    public static Attempt OfPod(AttemptExited exited, Attempt attempt)
    {
        var decisive = exited.Containers.FirstOrDefault(c => c.ExitCode is { } code && code != 0)
            ?? exited.Containers.FirstOrDefault(c => c.ExitCode is null)
            ?? exited.Containers[^1];
        return attempt with
        {
            ExitCode = decisive.ExitCode,
            Reason = ContainerReasons.OfPod(decisive),
            Containers = [.. exited.Containers.Select(c => new ContainerOutcome(c.Name, c.ExitCode, ContainerReasons.OfPod(c), null))],
        };
    }
}
