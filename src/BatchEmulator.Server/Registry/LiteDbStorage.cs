using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting;
using BatchEmulator.Storage.LiteDb.Batch;
using BatchEmulator.Storage.LiteDb.Database;
using BatchEmulator.Storage.LiteDb.Logs;

namespace BatchEmulator.Server.Registry;

/// <summary>Storage in two LiteDB databases.</summary>
internal static class LiteDbStorage
{
    public static StorageRow Row { get; } = new("litedb", "batch.litedb", "logs.litedb", Open);

    private static (EmulatorStorage Storage, SetAsideFile? SetAside) Open(string database, string logs, DateTimeOffset now)
    {
        var (file, store) = UnusableFile.Refused(database, () => OpenStore(database, logs));
        try
        {
            var logStore = UnusableFile.Refused(logs, () => LiteDbLogStore.Open(logs, now));
            return (new(store.InstanceId, store, new LiteDbBatchQueries(file), logStore), logStore.SetAside);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static (BatchFile File, LiteDbBatchStore Store) OpenStore(string database, string logs)
    {
        var file = BatchFile.Open(database, younger: logs);
        return (file, new LiteDbBatchStore(file));
    }
}
