using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// The engine: a synchronous, single-threaded function from inputs and a time to changes, effects and the time to be woken. It has no
/// clock, does no I/O and takes no locks.
/// <para>
/// A turn, in this order: apply inputs; fire due timers; settle dependencies and array parents; scheduling pass and what it tells the heads of queues; array summaries. A <see cref="ClientException"/> refuses one command and is
/// thrown before that command's first change; any other exception is a bug, after which the engine must not be used again: its owner
/// stops, and a restart loads the committed state. The owner commits the changes, then answers the commands, then performs the effects.
/// </para>
/// </summary>
public sealed class BatchEngine(BatchState state, IIdSource ids)
{
    /// <summary>Bounds the work of one turn; what is left over is done in the next, which is due at once.</summary>
    public const int MaximumTimersPerTurn = 10_000;

    public BatchState State { get; } = state;

    /// <param name="now">The time.</param>
    /// <param name="inputs">What has come in since the last turn.</param>
    /// <param name="isTimeHeld">Whether the time stands still: what takes AWS a while is then done at once, lest it never be.</param>
    public TurnResult Run(DateTimeOffset now, IReadOnlyList<EngineInput> inputs, bool isTimeHeld = false)
    {
        var turn = new Turn(State, ids, now);
        foreach (var input in inputs)
        {
            Apply(turn, input);
        }

        if (isTimeHeld)
        {
            ResourceLife.SettleAll(turn);
        }

        FireTimers(turn);
        Upkeep.Check(turn);
        Consequences.Settle(turn);
        var isComplete = Placing.Run(turn);
        Consequences.Settle(turn);
        Consequences.Summarize(turn);
        ResourceLife.RemoveEmptyQueues(turn, isTimeHeld);
        return new TurnResult(turn.Changes, turn.Effects, isComplete ? State.Timers.Next : turn.Now, State.UpkeepAt);
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
            case SimultaneousNews together:
                foreach (var news in together.News)
                {
                    Apply(turn, news);
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
        for (var fired = 0; fired < MaximumTimersPerTurn && turn.State.Timers.TryTake(turn.Now, out var due); fired++)
        {
            switch (due)
            {
                case ComputeEnvironmentSettles { Arn: var arn }:
                    ResourceLife.SettleComputeEnvironment(turn, arn);
                    break;
                case JobQueueSettles { Arn: var arn }:
                    ResourceLife.SettleJobQueue(turn, arn);
                    break;
                case ServiceEnvironmentSettles { Arn: var arn }:
                    ResourceLife.SettleServiceEnvironment(turn, arn);
                    break;
                case JobMayBePlaced:
                    turn.State.NeedsScheduling = true;
                    break;
                case JobBlockedTooLong { JobId: var id }:
                    Blocking.TimedOut(turn, id);
                    break;
                case AttemptTimesOut { JobId: var id, Attempt: var attempt }:
                    AttemptProgress.TimedOut(turn, new AttemptKey(id, attempt));
                    break;
            }
        }
    }
}

/// <summary>What came out of a turn.</summary>
/// <param name="Changes">To be committed, in order.</param>
/// <param name="Effects">To be performed after the commit.</param>
/// <param name="WakeAt">When the next turn is due even without inputs; null when no job and no resource waits for time.</param>
/// <param name="UpkeepAt">When a turn is due for the sake of retention alone.</param>
public sealed record TurnResult(IReadOnlyList<Change> Changes, IReadOnlyList<Effect> Effects, DateTimeOffset? WakeAt, DateTimeOffset UpkeepAt);
