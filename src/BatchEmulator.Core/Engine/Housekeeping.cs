using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Engine;

/// <summary>Work that becomes due with time, but at no exact time.</summary>
internal static class Housekeeping
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public static void Check(Turn turn)
    {
        if (turn.State.Agenda.HousekeepingAt > turn.Now)
        {
            return;
        }

        Retention.Forget(turn);
        ForgetNotes(turn);
        turn.State.Agenda.HousekeepingDone(turn.Now + Interval);
    }

    private static void ForgetNotes(Turn turn)
    {
        foreach (var ordering in turn.State.Runnable.Queues.Select(queue => turn.State.OrderingOf(queue.Arn)).OfType<Ordering>())
        {
            if (ordering.ChangesWithTime)
            {
                turn.State.Agenda.RequestScheduling();
            }

            foreach (var note in ordering.ExpiredNotes(turn.Now))
            {
                turn.Record(new OrderingNoteRemoved(note));
            }
        }
    }
}
