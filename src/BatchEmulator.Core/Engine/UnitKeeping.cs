using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Keeps what jobs hold of consumable resources in step with the jobs (User Guide, "Resource-aware scheduling").</summary>
internal static class UnitKeeping
{
    /// <summary>A job goes its next step: it may take its units or give them back. Of a resource that is not there any more nobody keeps count.</summary>
    public static void Follow(Turn turn, Job? before, Job job)
    {
        var held = before?.HoldsUnits == true;
        if (job.Specification.Units is not { } units || held == job.HoldsUnits)
        {
            return;
        }

        foreach (var (arn, quantity) in units)
        {
            if (turn.State.ConsumableResources.TryGetValue(arn, out var resource))
            {
                turn.Record(new ConsumableResourceSaved(held ? resource.Freed(quantity, job.Status.IsFinished()) : resource.Taken(quantity)));
            }
        }
    }

    /// <summary>What jobs hold of a resource that is being created: one of the same name may have been there before.</summary>
    public static long Held(BatchState state, string arn) => state.Jobs.Values.Where(job => job.HoldsUnits)
        .SelectMany(job => job.Specification.Units ?? []).Where(units => units.Resource == arn).Sum(units => units.Quantity);
}
