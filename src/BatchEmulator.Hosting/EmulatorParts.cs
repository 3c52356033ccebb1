using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Output;
using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Hosting;

/// <summary>Parts of an emulator that hold files, connections and processes, in the order of their dependencies.</summary>
internal sealed record EmulatorParts(
    EmulatorOptions Options,
    EmulatorClock Clock,
    EmulatorStorage Storage,
    QueuedLogStore Logs,
    EngineMailbox Mailbox,
    AttemptDirectory Attempts,
    AttemptReporter Reporter,
    IJobExecutor Executor,
    SimulatedJobs? Simulation) : IAsyncDisposable
{
    /// <exception cref="StartException">A part cannot be created with these options.</exception>
    public static async Task<EmulatorParts> CreateAsync(EmulatorOptions options)
    {
        var isSimulated = options.CreateExecutor is null;
        var clock = ClockLead.Load(isSimulated ? options.StateFolder : null);
        var storage = options.OpenStorage(clock);
        var logs = new QueuedLogStore(storage.Logs, clock, options.Loggers.CreateLogger<LogWriter>());
        try
        {
            var mailbox = new EngineMailbox();
            var attempts = new AttemptDirectory();
            var reporter = new AttemptReporter(mailbox, attempts, logs, options.Loggers.CreateLogger<AttemptReporter>());
            if (isSimulated)
            {
                var simulation = SimulatedJobs.Create(options.StateFolder, reporter, clock, options.Loggers);
                return new(options, clock, storage, logs, mailbox, attempts, reporter, simulation.Executor, simulation);
            }

            var context = new ExecutorContext(reporter, storage.InstanceId, clock, reporter.CountStoredAsync, options.Loggers);
            return new(
                options, clock, storage, logs, mailbox, attempts, reporter, await options.CreateExecutor!(context), Simulation: null);
        }
        catch
        {
            await logs.DisposeAsync();
            storage.Dispose();
            throw;
        }
    }

    /// <summary>Creates the engine with everything unfinished from the last run of the emulator.</summary>
    public BatchEngine LoadEngine()
    {
        var state = new BatchState(new EngineOptions
        {
            ResourceDelay = Options.ResourceDelay,
            ScaleUpDelay = Options.ScaleUpDelay,
            ScaleDownDelay = Options.ScaleDownDelay,
            SpotDiscountPercent = Options.SpotDiscountPercent,
            JobEnvironment = Options.JobEnvironment,
            Retention = Options.Retention,
            HasInstances = Options.HasInstances,
            Limits = Options.Limits,
        });
        var stored = Storage.Store.Load();
        ClockLead.CatchUp(Clock, stored.Changes, Options.ResourceDelay, Options.Loggers.CreateLogger<EmulatorClock>());
        foreach (var change in stored.Changes)
        {
            state.Apply(change);
        }

        state.ReserveSequence(stored.LastSequence);
        return new BatchEngine(state, new RandomIds());
    }

    /// <summary>Disposes each part after those that use it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Executor.DisposeAsync();
        await Logs.DisposeAsync();
        Storage.Dispose();
    }
}
