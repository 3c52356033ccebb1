namespace BatchEmulator.Core.Engine;

/// <summary>Finished jobs stay describable for a while and are then forgotten.</summary>
internal static class Retention
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public static void Check(Turn turn)
    {
        if (turn.State.UpkeepAt <= turn.Now)
        {
            turn.Record(new FinishedJobsExpired(turn.Now - turn.State.Options.Retention));
            turn.State.UpkeepAt = turn.Now + Interval;
        }
    }
}
