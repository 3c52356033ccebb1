using System.Globalization;
using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Simulation;

/// <summary><c>/_emulator/clock</c>: shows the clock of the jobs; pauses and moves it if jobs are simulated.</summary>
internal sealed class ClockEndpoint(
    EmulatorOptions options, EmulatorClock clock, EngineMailbox mailbox, EngineLoop loop, AttemptReporter reporter, QueuedLogStore logs,
    IJobExecutor executor, EmulatorLifetime lifetime, SimulatedJobs? simulation = null) : IDisposable
{
    private readonly TimeTravel? _travel = simulation is null
        ? null
        : new TimeTravel(clock, mailbox, loop, reporter, logs, simulation.Executor);

    public ClockState State => new(
        clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), clock.IsPaused);

    /// <exception cref="ClientException">The change is impossible; nothing has changed.</exception>
    /// <exception cref="IOException">The lead of the clock cannot be stored.</exception>
    /// <exception cref="EngineStoppedException">The engine could not commit the changes on the way.</exception>
    public async Task<ClockState> ChangeAsync(ClockChange change, CancellationToken aborted)
    {
        if (_travel is null)
        {
            throw ClientException.Refused(
                $"Only simulated jobs let the clock be changed; this server runs jobs with {executor.Name}, in real time.");
        }

        // A disk that accepts nothing refuses before anything has moved.
        Save();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.Stopping);
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
            Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The clock was changed, but that cannot be stored, so that a restart will not know of it: {exception.Message}", exception);
        }
    }

    /// <summary>Returns the clock to the machine's time; its stored lead is unchanged before <see cref="Forget"/>.</summary>
    public Task ResetAsync() => _travel?.ResetAsync() ?? Task.CompletedTask;

    /// <summary>Removes the stored lead of the clock.</summary>
    public void Forget()
    {
        if (_travel is not null && options.StateFolder is { } folder)
        {
            ClockLead.Forget(folder);
        }
    }

    private void Save()
    {
        if (options.StateFolder is { } folder)
        {
            ClockLead.Save(folder, clock);
        }
    }
}
