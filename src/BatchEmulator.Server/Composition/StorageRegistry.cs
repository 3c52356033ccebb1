using BatchEmulator.Core;
using BatchEmulator.Hosting;
using BatchEmulator.Server.Folders;
using BatchEmulator.Server.Settings;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;
using BatchEmulator.Storage.Sqlite.Logs;

namespace BatchEmulator.Server.Composition;

/// <summary>The storages: files of a data folder, or memory.</summary>
internal static partial class StorageRegistry
{
    /// <returns>Opens the storage that the settings name, or throws a <see cref="StartException"/> if it cannot be used.</returns>
    public static Func<TimeProvider, EmulatorStorage> Find(ServerSettings settings, DataFolder folder, ILoggerFactory loggers) =>
        settings.Ephemeral ? _ => EmulatorStorage.InMemory() : clock => Open(folder, clock, loggers);

    private static EmulatorStorage Open(DataFolder folder, TimeProvider clock, ILoggerFactory loggers)
    {
        var (database, logs) = (folder.File("batch.db"), folder.File("logs.db"));
        var store = UnusableDatabase.Refused(database, () =>
        {
            UnusableDatabase.RefuseBadHeader(database, logs);
            return new SqliteBatchStore(database);
        });
        var logStore = UnusableDatabase.Refused(logs, () => SqliteLogStore.Open(logs, clock.GetUtcNow()));
        if (logStore.SetAside is { Path: var path, Kept: var kept, Problem: var problem })
        {
            FileSetAside(loggers.CreateLogger(typeof(StorageRegistry)), path, kept, problem);
        }

        return new(store.InstanceId, store, new SqliteBatchQueries(database), logStore);
    }
}
