namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>
/// Keeps logs in memory, and nothing beyond the end of the process. Its size grows with the events that it keeps: about a hundred bytes for
/// each, and the UTF-8 bytes of its message.
/// </summary>
/// <remarks>
/// A transaction works on copies of what it changes, which share everything else with what is committed, and publishes them by one
/// reference. Readers take that reference and wait for nobody.
/// </remarks>
public sealed class MemoryLogStore : ILogStore
{
    private StoredLogs _committed = StoredLogs.Empty;

    /// <inheritdoc/>
    public void Write(DateTimeOffset now, Action<ILogTransaction> change)
    {
        var transaction = new MemoryLogTransaction(_committed, now);
        change(transaction);
        Volatile.Write(ref _committed, transaction.Complete());
    }

    /// <inheritdoc/>
    public T Read<T>(Func<ILogSnapshot, T> read) => read(new MemoryLogSnapshot(Volatile.Read(ref _committed)));

    /// <summary>Does nothing: there is nothing to close.</summary>
    public void Dispose()
    {
    }
}
