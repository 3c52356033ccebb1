namespace BatchEmulator.Core.Engine;

/// <summary>What the passing of time calls for, without anything being due at an exact hour.</summary>
internal static class Upkeep
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public static void Check(Turn turn)
    {
        if (turn.State.UpkeepAt > turn.Now)
        {
            return;
        }

        Retention.Forget(turn);
        ForgetShares(turn);
        turn.State.UpkeepAt = turn.Now + Interval;
    }

    /// <summary>With time the order of shares changes by itself, so that another job may stand at the head.</summary>
    private static void ForgetShares(Turn turn)
    {
        foreach (var shares in turn.State.Runnable.Queues.Select(q => turn.State.Runnable.SharesOf(q.Arn)).Where(shares => shares is not null))
        {
            turn.State.NeedsScheduling = true;
            foreach (var usage in shares!.Faded(turn.Now))
            {
                turn.Record(new ShareUsageRemoved(usage));
            }
        }
    }
}
