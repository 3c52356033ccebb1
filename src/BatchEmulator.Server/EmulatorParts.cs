using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Executors;
using BatchEmulator.Server.Executors.Process;
using BatchEmulator.Server.Executors.Simulated;
using BatchEmulator.Server.Logs;
using BatchEmulator.Server.Settings;
using BatchEmulator.Server.Storage.Sqlite;

namespace BatchEmulator.Server;

/// <summary>The parts of a server that hold files, connections and processes, in the order in which they depend on each other.</summary>
internal sealed record EmulatorParts(
    ILoggerFactory Loggers,
    DataFolder Folder,
    EmulatorClock Clock,
    SqliteBatchStore Store,
    SqliteBatchQueries Queries,
    LogStore Logs,
    EngineMailbox Mailbox,
    AttemptDirectory Attempts,
    AttemptReporter Reporter,
    OutcomeRules Rules,
    IJobExecutor Executor) : IAsyncDisposable
{
    /// <exception cref="SettingsException">Something cannot be had as the settings say.</exception>
    public static async Task<EmulatorParts> CreateAsync(ServerSettings settings, Action<ILoggingBuilder> configureLogging)
    {
        var loggers = LoggerFactory.Create(configureLogging);
        var folder = new DataFolder(settings.Data, settings.Ephemeral);
        try
        {
            return await CreateAsync(settings, loggers, folder);
        }
        catch (Exception exception)
        {
            folder.Dispose();
            loggers.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw DataFolder.Refusal(folder.Path, exception);
            }

            throw;
        }
    }

    private static async Task<EmulatorParts> CreateAsync(ServerSettings settings, ILoggerFactory loggers, DataFolder folder)
    {
        var database = folder.File("batch.db");
        var store = UnusableDatabase.Refused(database, () =>
        {
            UnusableDatabase.RefuseBadHeader(database, folder.File("logs.db"));
            return new SqliteBatchStore(database);
        });
        var clock = ClockLead.Load(folder, settings);
        var logs = UnusableDatabase.Refused(
            folder.File("logs.db"), () => LogStore.Open(folder.Path, clock, loggers.CreateLogger<LogStore>()));
        // Whatever runs jobs now: the last server may have run them as processes.
        await ProcessLeftovers.EndAsync(folder.Attempts);
        var mailbox = new EngineMailbox();
        var attempts = new AttemptDirectory();
        var reporter = new AttemptReporter(mailbox, attempts, logs, loggers.CreateLogger<AttemptReporter>());
        var rules = RulesOf(folder.File("outcomes.json"));
        var executor = await new ExecutorSelection(settings, store.InstanceId, folder, rules, clock, loggers).CreateAsync(reporter);
        return new(loggers, folder, clock, store, new SqliteBatchQueries(database), logs, mailbox, attempts, reporter, rules, executor);
    }

    /// <summary>What uses a part goes before it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Executor.DisposeAsync();
        await Logs.DisposeAsync();
        Queries.Dispose();
        Store.Dispose();
        Folder.Dispose();
        Loggers.Dispose();
    }

    private static OutcomeRules RulesOf(string path)
    {
        try
        {
            return new OutcomeRules(path);
        }
        catch (OutcomeRulesException exception)
        {
            throw new SettingsException($"The outcome rules in {path} cannot be read: {exception.Message}");
        }
    }
}
