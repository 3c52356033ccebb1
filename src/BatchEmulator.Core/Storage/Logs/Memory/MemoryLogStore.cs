namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>
/// Keeps logs in memory, until the end of the process. Its size grows with the number of events: about a hundred bytes for each, and the
/// UTF-8 bytes of its message.
/// </summary>
/// <remarks>
/// A transaction works on copies, which share everything unchanged with the committed state, and publishes them by one reference. Readers
/// take that reference and do not wait.
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

    /// <summary>Does nothing: there are no resources to release.</summary>
    public void Dispose()
    {
    }
}
