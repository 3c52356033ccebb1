using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Executors.Process;
using BatchEmulator.Hosting;
using BatchEmulator.Server.Folders;
using BatchEmulator.Server.Logging;
using BatchEmulator.Server.Registry;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Composition;

/// <summary>An emulator with the configuration of the settings, its data folder and its loggers.</summary>
internal sealed partial class EmulatorServer : IAsyncDisposable
{
    private readonly Emulator _emulator;
    private readonly DataFolder _folder;
    private readonly DataFolderWatch _watch;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenRegistration _stop;

    private EmulatorServer(Emulator emulator, DataFolder folder, StorageRow? storage, ILoggerFactory loggers, CancellationToken stop)
    {
        (_emulator, _folder, _loggers) = (emulator, folder, loggers);
        _stop = stop.Register(() => _ = emulator.StopAsync());
        // The lock keeps others from the folder, and writes to a deleted database are lost.
        IReadOnlyList<string> files = storage is null ? [folder.LockFile] : [folder.LockFile, folder.File(storage.Database)];
        _watch = new DataFolderWatch(files, TimeProvider.System, emulator.StopAsync, loggers.CreateLogger<DataFolderWatch>());
    }

    /// <inheritdoc cref="Emulator.Address"/>
    public string Address => _emulator.Address;

    /// <inheritdoc cref="Emulator.ExecutorName"/>
    public string ExecutorName => _emulator.ExecutorName;

    /// <summary>Returns true once the server has stopped because of an error.</summary>
    public bool HasFailed => _emulator.HasFailed || _watch.HasFailed;

    /// <inheritdoc cref="Emulator.Stopping"/>
    public CancellationToken Stopping => _emulator.Stopping;

    /// <summary>Builds and starts a server.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="stop">Ends the start, and stops the server later.</param>
    /// <exception cref="StartException">The server cannot be started with the settings.</exception>
    public static async Task<EmulatorServer> StartAsync(ServerSettings settings, CancellationToken stop = default)
    {
        await EphemeralFolders.RemoveAbandonedAsync();
        var loggers = ConsoleLoggers.Create(settings);
        var storage = settings.Ephemeral ? null : StorageRegistry.Find(settings.Storage);
        var folder = new DataFolder(settings.Data, settings.Ephemeral, StorageRegistry.Files);
        try
        {
            LogRemarks(folder, loggers.CreateLogger<EmulatorServer>());
            // Independent of the present executor: the last server may have run jobs as processes.
            await ProcessLeftovers.EndAsync(folder.Attempts);
            var emulator = await Emulator.StartAsync(OptionsOf(settings, folder, storage, loggers), stop);
            return new EmulatorServer(emulator, folder, storage, loggers, stop);
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

    /// <inheritdoc cref="Emulator.WaitAsync"/>
    public async Task WaitAsync()
    {
        await _emulator.WaitAsync();
        // The loss of the folder may be the cause of the stop: a commit fails at once, before the next check.
        _watch.Look();
    }

    /// <inheritdoc cref="Emulator.StopAsync"/>
    public Task StopAsync() => _emulator.StopAsync();

    /// <summary>Stops the server, if it has not stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.DisposeAsync();
        await _watch.DisposeAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
        _loggers.Dispose();
    }

    private static EmulatorOptions OptionsOf(ServerSettings settings, DataFolder folder, StorageRow? storage, ILoggerFactory loggers) =>
        new()
        {
            Host = settings.Host,
            Port = settings.Port,
            AllowedHosts = settings.AllowedHosts,
            Scope = settings.Scope(),
            Bootstrap = settings.Bootstrap,
            JobEnvironment = settings.JobEnv,
            ResourceDelay = settings.ResourceDelay,
            ScaleUpDelay = settings.ScaleUpDelay,
            ScaleDownDelay = settings.ScaleDownDelay,
            SpotDiscountPercent = settings.SpotDiscount,
            Retention = settings.Retention,
            HasInstances = settings.Capacity == "instances",
            Limits = settings.Strict ? Limits.Strict : Limits.Relaxed,
            EventsWebhook = settings.EventsWebhook,
            EventsEndpoint = settings.EventsEndpoint,
            StateFolder = settings.Ephemeral ? null : folder.Path,
            OpenStorage = storage is null
                ? _ => EmulatorStorage.InMemory()
                : clock => StorageRegistry.Open(storage, folder, clock, loggers),
            CreateExecutor = new ExecutorRegistry(folder, settings.Ephemeral, settings.HostShare, settings.SecretsEndpoint)
                .Find(settings.Executor),
            Loggers = loggers,
        };

    private static void LogRemarks(DataFolder folder, ILogger logger)
    {
        foreach (var remark in folder.Remarks)
        {
            FolderRemark(logger, remark);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Remark}")]
    private static partial void FolderRemark(ILogger logger, string remark);
}
