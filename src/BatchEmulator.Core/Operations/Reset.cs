using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Not an AWS operation: removes everything, as on the first start. Running attempts are stopped, and their ends are ignored.
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
