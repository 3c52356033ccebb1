using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Owns the engine. One turn after the other: takes what is in the mailbox, runs the engine, commits its changes, then answers the
/// commands, tells the watchers, and performs the effects. Commands that arrive while a turn is committed share the next commit.
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

    /// <summary>A longer wait is cut short: waking up early costs one empty turn.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly List<Letter> _letters = [];
    private readonly List<EngineInput> _inputs = [];
    private readonly Undertaking _turn = new("A turn");
    private readonly Undertaking _commit = new("A commit");
    private volatile PartFailure? _failure;
    private volatile PartFailure? _storeFailure;

    /// <summary>Progress of the loop.</summary>
    public EngineProgress Progress { get; private set; } = new(0, 0, null);

    /// <summary>Returns true if the loop has ended because it could not go on; the process must then end with an error.</summary>
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
            // Whatever it was: the state in memory may differ from what is stored. A restart loads what is stored.
            _failure = PartFailure.Now(exception.Message, isFatal: true);
            EngineStopped(exception);
            // Callers are answered before the server ends: it lets requests under way finish.
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

        // Timers count whole milliseconds: one more, lest the turn comes just before its time.
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

    /// <returns>When the next turn is due.</returns>
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
        // A commit that takes long is the store's trouble alone.
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
/// <param name="WakeAt">When jobs or resources next wait for the time to come; null when none does.</param>
internal sealed record EngineProgress(long Turns, long Commits, DateTimeOffset? WakeAt);
