using BatchEmulator.Core;
using BatchEmulator.Hosting;
using BatchEmulator.Server.Folders;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;
using BatchEmulator.Storage.Sqlite.Logs;

namespace BatchEmulator.Server.Composition;

/// <summary>Opens the storage of a data folder.</summary>
internal static partial class StorageRegistry
{
    /// <exception cref="StartException">The storage cannot be used.</exception>
    public static EmulatorStorage Open(DataFolder folder, TimeProvider clock, ILoggerFactory loggers)
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
