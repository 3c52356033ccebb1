using System.Globalization;
using BatchEmulator.Core;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Executors;
using BatchEmulator.Server.Executors.Simulated;
using BatchEmulator.Server.Logs;

namespace BatchEmulator.Server.Control;

/// <summary><c>/_emulator/clock</c>: shows the time that jobs live by; pauses and moves it where jobs are simulated.</summary>
internal sealed class ClockEndpoint(
    EmulatorClock clock, EngineMailbox mailbox, EngineLoop loop, AttemptReporter reporter, LogStore logs, IJobExecutor executor, DataFolder folder,
    IHostApplicationLifetime lifetime) : IDisposable
{
    private readonly TimeTravel? _travel =
        executor is SimulatedExecutor simulated ? new TimeTravel(clock, mailbox, loop, reporter, logs, simulated) : null;

    public ClockState State => new(
        clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), clock.IsPaused);

    /// <exception cref="ClientException">It cannot be done; nothing has changed.</exception>
    /// <exception cref="IOException">How far the clock is ahead cannot be stored.</exception>
    /// <exception cref="EngineStoppedException">The engine could not commit what happened on the way.</exception>
    public async Task<ClockState> ChangeAsync(ClockChange change, CancellationToken aborted)
    {
        if (_travel is null)
        {
            throw ClientException.Refused($"Only simulated jobs let the clock be changed; this server runs jobs with {executor.Name}, in real time.");
        }

        // A disk that takes nothing refuses before anything has moved.
        ClockLead.Save(folder, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            await _travel.GoAsync(change.TargetFrom, change.Pause, ending.Token);
        }
        finally
        {
            SaveLead();
        }

        return State;
    }

    public void Dispose() => _travel?.Dispose();

    private void SaveLead()
    {
        try
        {
            ClockLead.Save(folder, clock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The clock was changed, but that cannot be stored, so that a restart will not know of it: {exception.Message}", exception);
        }
    }

    /// <summary>Back to the machine's time; what is stored of the clock is not touched before <see cref="Forget"/>.</summary>
    public Task ResetAsync() => _travel?.ResetAsync() ?? Task.CompletedTask;

    /// <summary>Removes what is stored of the clock.</summary>
    public void Forget()
    {
        if (_travel is not null)
        {
            ClockLead.Forget(folder);
        }
    }
}
