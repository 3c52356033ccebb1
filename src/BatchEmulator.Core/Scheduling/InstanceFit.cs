using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Checks that the instance types of an environment can hold a job (User Guide, "Jobs stuck in a RUNNABLE status"): vCPUs, memory and GPUs
/// of a container, or of every node, fit on one instance.
/// </summary>
internal static class InstanceFit
{
    public static bool IsPossible(ComputeEnvironment environment, Job job) =>
        environment.AllowedTypes is not { } types || NeedsOf(job).All(needs => types.Any(type => Fits(type, needs)));

    /// <summary>Returns what has to fit on one instance each: the job, or each kind of its nodes.</summary>
    public static IEnumerable<InstanceNeeds> NeedsOf(Job job) =>
        job.Work is NodesWork nodes ? nodes.OnInstances : [new InstanceNeeds(job.Needs, [])];

    private static bool Fits(InstanceType type, InstanceNeeds needs) =>
        type.Holds(needs.Amounts) && (needs.Types.Count == 0 || needs.Types.Contains(type.Name) || needs.Types.Contains(type.Family));
}
