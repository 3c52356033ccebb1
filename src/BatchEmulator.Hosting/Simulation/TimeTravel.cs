using BatchEmulator.Core.Engine;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// Moves the clock without waiting: from one due time to the next, at each of which the engine and the simulated executor alternate until
/// both are idle, so that the same jobs always have the same course. Nothing here waits for real time to pass.
/// </summary>
internal sealed class TimeTravel(
    EmulatorClock clock, EngineMailbox mailbox, EngineLoop loop, AttemptReporter reporter, QueuedLogStore logs, SimulatedExecutor executor)
    : IDisposable
{
    /// <summary>Maximum number of steps of the executor before the engine processes them.</summary>
    private const int MaximumStepsTogether = 1_000;

    /// <summary>Latest time; later ones would overflow in computations with them.</summary>
    public static readonly DateTimeOffset Latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SemaphoreSlim _journey = new(1);

    /// <summary>Moves the clock; completes when everything due on the way has happened.</summary>
    /// <param name="target">Returns the time of arrival for the time of departure; its exception ends the move before it begins.</param>
    /// <param name="pause">True if the clock stands still afterwards; null leaves it as it was.</param>
    /// <param name="cancellationToken">Ends the move at the time reached.</param>
    public async Task GoAsync(Func<DateTimeOffset, DateTimeOffset> target, bool? pause, CancellationToken cancellationToken)
    {
        await _journey.WaitAsync(cancellationToken);
        var staysPaused = clock.IsPaused;
        try
        {
            var arrival = target(clock.GetUtcNow());
            staysPaused = pause ?? staysPaused;
            clock.Pause();
            // It may have begun between two milliseconds.
            arrival = arrival < clock.GetUtcNow() ? clock.GetUtcNow() : arrival;
            executor.HoldBack();
            // Reports that were in progress when it was held back are now complete, so that they are processed before the clock moves.
            await executor.StepAsync(maximumSteps: 0);
            await RunDryAsync(cancellationToken);
            while (Next() is { } next && next < arrival)
            {
                clock.MoveTo(next);
                await RunDryAsync(cancellationToken);
            }

            clock.MoveTo(arrival);
            await RunDryAsync(cancellationToken);
            await logs.EnforceRetentionAsync();
        }
        finally
        {
            executor.LetGo();
            if (!staysPaused)
            {
                clock.Resume();
            }

            _journey.Release();
        }
    }

    /// <summary>Returns to the machine's time, which may be earlier.</summary>
    public async Task ResetAsync()
    {
        await _journey.WaitAsync();
        clock.Reset();
        _journey.Release();
    }

    public void Dispose() => _journey.Dispose();

    private DateTimeOffset? Next()
    {
        var (engine, attempts) = (loop.Progress.WakeAt, executor.NextDue);
        return engine is null || attempts < engine ? attempts : engine;
    }

    /// <summary>Runs until nothing more happens at the present time.</summary>
    private async Task RunDryAsync(CancellationToken cancellationToken)
    {
        bool isDry;
        do
        {
            var commits = loop.Progress.Commits;
            // A turn processes the time, and an empty one proves that the effects of earlier turns are performed.
            await mailbox.ExecuteAsync(new Command<Tick>(_ => Tick.Done), cancellationToken);
            reporter.Gather();
            var steps = await executor.StepAsync(MaximumStepsTogether);
            await reporter.HandOverAsync();
            isDry = steps == 0 && loop.Progress.Commits == commits && !(loop.Progress.WakeAt <= clock.GetUtcNow());
        }
        while (!isDry);
    }

    private sealed class Tick
    {
        public static readonly Tick Done = new();
    }
}
