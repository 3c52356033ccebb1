using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Not an AWS operation: everything gone, as on the first start. What runs is stopped, and its end is no longer of interest.
/// </summary>
public static class Reset
{
    public static ResetDone Decide(Turn turn)
    {
        foreach (var job in turn.State.Jobs.Values.Where(j => j.Status.IsPlaced()).OrderBy(j => j.Sequence))
        {
            turn.Request(new StopAttempt(job.CurrentKey!.Value));
        }

        turn.Record(new EverythingRemoved());
        return new ResetDone();
    }
}

/// <summary>The reset is committed.</summary>
public sealed record ResetDone;
