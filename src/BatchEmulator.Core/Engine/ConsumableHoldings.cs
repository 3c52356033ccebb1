using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Units of consumable resources that jobs hold (User Guide, "Resource-aware scheduling").</summary>
internal static class ConsumableHoldings
{
    /// <summary>
    /// Takes the units of a job that is placed, and returns those of one that gives up its place. Deleted resources keep no count.
    /// </summary>
    public static void Follow(Turn turn, Job? before, Job job)
    {
        var held = before?.HoldsUnits == true;
        if (job.Specification.Units is not { } units || held == job.HoldsUnits)
        {
            return;
        }

        foreach (var (arn, quantity) in units)
        {
            if (turn.State.Of<ConsumableResource>().TryGetValue(arn, out var resource))
            {
                turn.Record(new ResourceSaved(held ? resource.Freed(quantity, job.Status.IsFinished()) : resource.Taken(quantity)));
            }
        }
    }

    /// <summary>
    /// Returns the units that jobs hold of a resource that is being created: one of the same name may have existed before.
    /// </summary>
    public static long Held(BatchState state, string arn) => state.Jobs.Values.Where(job => job.HoldsUnits)
        .SelectMany(job => job.Specification.Units ?? []).Where(units => units.Resource == arn).Sum(units => units.Quantity);
}
