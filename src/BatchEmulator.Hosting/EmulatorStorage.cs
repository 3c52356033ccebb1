using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Core.Storage.Logs.Memory;
using BatchEmulator.Core.Storage.Memory;

namespace BatchEmulator.Hosting;

/// <summary>An opened storage: jobs and resources, their queries, and the output of jobs.</summary>
/// <param name="InstanceId">Permanent name of the storage; objects that an executor leaves on the machine carry it.</param>
/// <param name="Store">Takes the changes of the engine.</param>
/// <param name="Queries">Answers reads.</param>
/// <param name="Logs">Keeps log groups, streams and events.</param>
public sealed record EmulatorStorage(string InstanceId, IBatchStore Store, IBatchQueries Queries, ILogStore Logs) : IDisposable
{
    /// <summary>Creates an empty storage in memory, which is not shared and ends with the process.</summary>
    public static EmulatorStorage InMemory()
    {
        var store = new MemoryBatchStore(Guid.NewGuid().ToString("N"));
        return new(store.InstanceId, store, store, new MemoryLogStore());
    }

    public void Dispose()
    {
        Logs.Dispose();
        (Queries as IDisposable)?.Dispose();
        Store.Dispose();
    }
}
