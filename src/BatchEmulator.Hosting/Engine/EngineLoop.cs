using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Owns the engine. Turn by turn, it takes the inputs from the mailbox, runs the engine, commits its changes, then answers the commands,
/// notifies the watchers, and performs the effects. Commands that arrive during a commit share the next one.
/// </summary>
internal sealed partial class EngineLoop(
    EngineMailbox mailbox,
    BatchEngine engine,
    IBatchStore store,
    EffectDispatcher effects,
    ChangeFeed feed,
    TimeProvider time,
    IHeldTime held,
    EmulatorLifetime lifetime,
    ILogger<EngineLoop> logger) : BackgroundService
{
    private const int MaximumInputsPerTurn = 1_024;

    /// <summary>Longer waits are cut short: waking up early costs one empty turn.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly List<Letter> _letters = [];
    private readonly List<EngineInput> _inputs = [];
    private readonly Undertaking _turn = new("A turn");
    private readonly Undertaking _commit = new("A commit");
    private volatile PartFailure? _failure;
    private volatile PartFailure? _storeFailure;

    /// <summary>Progress of the loop.</summary>
    public EngineProgress Progress { get; private set; } = new(0, 0, null);

    /// <summary>Returns true if the loop has ended because of a failure; the process must then end with an error.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Failure of the engine; null while it works.</summary>
    public PartFailure? Failure => _failure ?? _turn.Overdue;

    /// <summary>Failure of the store; null while it works.</summary>
    public PartFailure? StoreFailure => _storeFailure ?? _commit.Overdue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host would otherwise run the first turns on the thread that starts it.
        await Task.Yield();
        try
        {
            var wakeAt = time.GetUtcNow();
            while (!stoppingToken.IsCancellationRequested)
            {
                await WaitAsync(wakeAt, stoppingToken);
                wakeAt = RunTurn();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // After any exception, the state in memory may differ from the stored state. A restart loads the stored state.
            _failure = PartFailure.Now(exception.Message, isFatal: true);
            EngineStopped(exception);
            // Callers are answered before the server ends: it lets pending requests finish.
            var stopped = EngineStoppedException.Of(exception);
            _letters.ForEach(l => l.Completion?.TrySetException(stopped));
            mailbox.Close(stopped);
            lifetime.Stop();
        }
        finally
        {
            mailbox.Close(EngineStoppedException.Of(cause: null));
        }
    }

    private async ValueTask WaitAsync(DateTimeOffset wakeAt, CancellationToken stoppingToken)
    {
        var rest = wakeAt - time.GetUtcNow();
        if (mailbox.Letters.Count > 0 || rest <= TimeSpan.Zero)
        {
            return;
        }

        // Timers count whole milliseconds: one more, so that the turn does not come just before its time.
        using var alarm = new CancellationTokenSource(rest < LongestWait ? rest + TimeSpan.FromMilliseconds(1) : LongestWait, time);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, alarm.Token);
        try
        {
            await mailbox.Letters.WaitToReadAsync(wake.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Time to wake.
        }
    }

    /// <returns>Time at which the next turn is due.</returns>
    private DateTimeOffset RunTurn()
    {
        _letters.Clear();
        _inputs.Clear();
        while (_letters.Count < MaximumInputsPerTurn && mailbox.Letters.TryRead(out var letter))
        {
            _letters.Add(letter);
            _inputs.Add(letter.Input);
        }

        _turn.Begin();
        var now = time.GetUtcNow();
        var result = engine.Run(now, _inputs, held.IsHeld);
        // A slow commit is a failure of the store alone.
        _turn.End();
        Commit(result.Changes);
        _turn.Begin();
        Progress = new(Progress.Turns + 1, Progress.Commits + (result.Changes.Count > 0 ? 1 : 0), result.WakeAt);
        foreach (var letter in _letters)
        {
            letter.Completion?.SetResult();
        }

        feed.Publish(now, result.Changes);
        effects.Perform(result.Effects);
        _turn.End();
        return result.WakeAt < result.HousekeepingAt ? result.WakeAt.Value : result.HousekeepingAt;
    }

    private void Commit(IReadOnlyList<Change> changes)
    {
        _commit.Begin();
        try
        {
            store.Commit(changes);
        }
        catch (Exception exception)
        {
            _storeFailure = PartFailure.Now(exception.Message, isFatal: true);
            throw;
        }

        _commit.End();
    }
}

/// <summary>Progress of the engine.</summary>
/// <param name="Turns">Turns so far.</param>
/// <param name="Commits">Turns so far that changed anything.</param>
/// <param name="WakeAt">Time for which jobs or resources wait next; null if none waits.</param>
internal sealed record EngineProgress(long Turns, long Commits, DateTimeOffset? WakeAt);
