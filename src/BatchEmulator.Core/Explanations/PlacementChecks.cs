using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Explanations;

/// <summary>
/// Checks that the scheduling pass makes of a compute environment, in its order. A refusal says which of them failed, and so that those
/// before it passed.
/// </summary>
internal static class PlacementChecks
{
    private static readonly (string Check, Refusal Refusal)[] InOrder =
    [
        ("acceptsJobs", Refusal.TakesNoJobs),
        ("takesMultiNodeJobs", Refusal.TakesNoMultiNodeJobs),
        ("fitsWithinMaximum", Refusal.ExceedsMaximum),
        ("fitsInstanceType", Refusal.FitsNoInstanceType),
        ("hasRoom", Refusal.NoRoom),
        ("ec2HasCapacity", Refusal.NoInstanceCapacity),
        ("instanceIsReady", Refusal.AwaitsInstance),
    ];

    /// <returns>The checks of each compute environment that was asked; empty for a service job.</returns>
    public static IReadOnlyList<EnvironmentChecks> Of(BatchState state, QueueHead head) => head.Job is null or { IsService: true } ? [] :
    [
        .. head.OfEnvironments.Select(refusal =>
            new EnvironmentChecks(Arn.NameOf(refusal.EnvironmentArn), [.. Of(state, head.Job, refusal)])),
    ];

    private static IEnumerable<ExplainedCheck> Of(BatchState state, Job job, EnvironmentRefusal environment)
    {
        var failed = environment.Reason;
        var hasTypes = state.Options.HasInstances
            && state.Of<ComputeEnvironment>().GetValueOrDefault(environment.EnvironmentArn)?.AllowedTypes is not null;
        foreach (var (check, refusal) in InOrder)
        {
            if ((refusal == Refusal.TakesNoMultiNodeJobs && !job.IsMultiNode) || (refusal == Refusal.FitsNoInstanceType && !hasTypes))
            {
                continue;
            }

            yield return new(check, refusal != failed);
            if (refusal == failed)
            {
                yield break;
            }
        }
    }
}
