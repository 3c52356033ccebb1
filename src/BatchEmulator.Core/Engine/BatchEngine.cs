using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// The engine: a synchronous, single-threaded function from inputs and a time to changes, effects and the time to be woken. It has no
/// clock, does no I/O and takes no locks.
/// <para>
/// A turn, in this order: apply inputs; fire due timers; resolve dependencies and end arrays; run the scheduling pass and carry out its
/// plan; scale environments down; summarize arrays. A <see cref="ClientException"/> refuses one command and is thrown before that command's first change; any other
/// exception is a bug, after which the engine must not be used again: its owner stops, and a restart loads the committed state. The owner
/// commits the changes, then answers the commands, then performs the effects.
/// </para>
/// </summary>
public sealed class BatchEngine(BatchState state, IIdSource ids)
{
    /// <summary>Limits the work of one turn; the rest is done in the next, which is due at once.</summary>
    public const int MaximumTimersPerTurn = 10_000;

    public BatchState State { get; } = state;

    /// <param name="now">The time.</param>
    /// <param name="inputs">Inputs since the last turn.</param>
    /// <param name="isTimeHeld">
    /// True if the time stands still: actions that take AWS a while are then done at once, since otherwise they never would be.
    /// </param>
    public TurnResult Run(DateTimeOffset now, IReadOnlyList<EngineInput> inputs, bool isTimeHeld = false)
    {
        var turn = new Turn(State, ids, now);
        State.Time.MoveTo(turn.Now);
        foreach (var input in inputs)
        {
            Apply(turn, input);
        }

        if (isTimeHeld)
        {
            ResourceSettling.SettleAll(turn);
        }

        FireTimers(turn);
        Housekeeping.Check(turn);
        DependencyResolution.Run(turn);
        var isComplete = PlanExecution.Run(turn);
        Scaling.Run(turn);
        DependencyResolution.Run(turn);
        DependencyResolution.Summarize(turn);
        ResourceSettling.RemoveEmpty(turn, isTimeHeld);
        var isDone = isComplete && !State.Agenda.NeedsScheduling;
        return new TurnResult(turn.Changes, turn.Effects, isDone ? State.Agenda.Timers.Next : turn.Now, State.Agenda.HousekeepingAt);
    }

    private static void Apply(Turn turn, EngineInput input)
    {
        switch (input)
        {
            case Command command:
                Apply(turn, command);
                break;
            case AttemptStarted started:
                AttemptProgress.Started(turn, started.Key, started.PrivateAddress);
                break;
            case AttemptEnded ended:
                AttemptProgress.Ended(turn, ended.Key, ended.End);
                break;
            case InputBatch batch:
                foreach (var item in batch.Inputs)
                {
                    Apply(turn, item);
                }

                break;
            default:
                throw new NotSupportedException(input.GetType().Name);
        }
    }

    private static void Apply(Turn turn, Command command)
    {
        var changes = turn.Changes.Count;
        try
        {
            command.Apply(turn);
        }
        catch (ClientException refusal) when (turn.Changes.Count == changes)
        {
            command.Refusal = refusal;
        }
        catch (StaleReadException) when (turn.Changes.Count == changes)
        {
            command.IsStale = true;
        }
    }

    private static void FireTimers(Turn turn)
    {
        for (var fired = 0; fired < MaximumTimersPerTurn && turn.State.Agenda.Timers.TryTake(turn.Now, out var due); fired++)
        {
            switch (due)
            {
                case ResourceSettles { Arn: var arn }:
                    ResourceSettling.Settle(turn, arn);
                    break;
                case JobMayBePlaced:
                    turn.State.Agenda.RequestScheduling();
                    break;
                case JobBlockedTooLong { JobId: var id }:
                    HeadReasons.TimedOut(turn, id);
                    break;
                case InstanceIsDue { Arn: var arn }:
                    FleetChanges.Due(turn, arn);
                    break;
                case InstanceIdlesTooLong { Arn: var arn }:
                    Scaling.TerminateIdle(turn, arn);
                    break;
                case TaskIsInterrupted { JobId: var id, Attempt: var attempt }:
                    AttemptProgress.Interrupted(turn, new AttemptKey(id, attempt));
                    break;
                case AttemptTimesOut { JobId: var id, Attempt: var attempt }:
                    AttemptProgress.TimedOut(turn, new AttemptKey(id, attempt));
                    break;
            }
        }
    }
}

/// <summary>Result of a turn.</summary>
/// <param name="Changes">Changes to be committed, in order.</param>
/// <param name="Effects">Effects to be performed after the commit.</param>
/// <param name="WakeAt">Time at which the next turn is due even without inputs; null if no job and no resource waits for time.</param>
/// <param name="HousekeepingAt">Time at which a turn is due for housekeeping alone.</param>
public sealed record TurnResult(
    IReadOnlyList<Change> Changes, IReadOnlyList<Effect> Effects, DateTimeOffset? WakeAt, DateTimeOffset HousekeepingAt);
