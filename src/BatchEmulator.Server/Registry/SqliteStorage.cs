using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;
using BatchEmulator.Storage.Sqlite.Logs;

namespace BatchEmulator.Server.Registry;

/// <summary>Storage in two SQLite databases.</summary>
internal static class SqliteStorage
{
    public static StorageRow Row { get; } = new("sqlite", "batch.db", "logs.db", Open);

    private static (EmulatorStorage Storage, SetAsideFile? SetAside) Open(string database, string logs, DateTimeOffset now)
    {
        var store = UnusableDatabase.Refused(database, () =>
        {
            UnusableDatabase.RefuseBadHeader(database, logs);
            return new SqliteBatchStore(database);
        });
        var logStore = UnusableDatabase.Refused(logs, () => SqliteLogStore.Open(logs, now));
        return (new(store.InstanceId, store, new SqliteBatchQueries(database), logStore), logStore.SetAside);
    }
}
