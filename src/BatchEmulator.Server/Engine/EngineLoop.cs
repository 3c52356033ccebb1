using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Engine;

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
    IHostApplicationLifetime lifetime,
    ILogger<EngineLoop> logger) : BackgroundService
{
    private const int MaximumInputsPerTurn = 1_024;

    /// <summary>A longer wait is cut short: waking up early costs one empty turn.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly List<Letter> _letters = [];
    private readonly List<EngineInput> _inputs = [];

    /// <summary>Whether the loop has ended because it could not go on; the process must then end with an error.</summary>
    public bool HasFailed { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host would otherwise run the first turns on the thread that starts it.
        await Task.Yield();
        try
        {
            var wakeAt = (DateTimeOffset?)time.GetUtcNow();
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
            HasFailed = true;
            EngineStopped(exception);
            _letters.ForEach(l => l.Completion?.TrySetException(exception));
            lifetime.StopApplication();
        }
        finally
        {
            mailbox.Close();
        }
    }

    private async ValueTask WaitAsync(DateTimeOffset? wakeAt, CancellationToken stoppingToken)
    {
        var rest = wakeAt - time.GetUtcNow();
        if (mailbox.Letters.Count > 0 || rest <= TimeSpan.Zero)
        {
            return;
        }

        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        // Timers count whole milliseconds: one more, lest the turn comes just before its time.
        wake.CancelAfter(rest is { } wait && wait < LongestWait ? wait + TimeSpan.FromMilliseconds(1) : LongestWait);
        try
        {
            await mailbox.Letters.WaitToReadAsync(wake.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Time to wake.
        }
    }

    private DateTimeOffset? RunTurn()
    {
        _letters.Clear();
        _inputs.Clear();
        while (_letters.Count < MaximumInputsPerTurn && mailbox.Letters.TryRead(out var letter))
        {
            _letters.Add(letter);
            _inputs.Add(letter.Input);
        }

        var result = engine.Run(time.GetUtcNow(), _inputs);
        store.Commit(result.Changes);
        foreach (var letter in _letters)
        {
            letter.Completion?.SetResult();
        }

        feed.Publish(result.Changes);
        effects.Perform(result.Effects);
        return result.WakeAt;
    }
}
