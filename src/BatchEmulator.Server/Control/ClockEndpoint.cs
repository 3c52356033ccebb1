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
    public async Task<ClockState> ChangeAsync(ClockChange change, CancellationToken aborted)
    {
        if (_travel is null)
        {
            throw ClientException.Refused($"Only simulated jobs let the clock be changed; this server runs jobs with {executor.Name}, in real time.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            await _travel.GoAsync(change.TargetFrom, change.Pause, ending.Token);
        }
        finally
        {
            ClockLead.Save(folder, clock);
        }

        return State;
    }

    public void Dispose() => _travel?.Dispose();

    /// <summary>Back to the machine's time.</summary>
    public async Task ResetAsync()
    {
        if (_travel is not null)
        {
            await _travel.ResetAsync();
            ClockLead.Forget(folder);
        }
    }
}
