namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// Log groups, their streams and events. Changes are made by one thread at a time; any number of threads read at the same time, and none of
/// them waits for the other side.
/// </summary>
/// <remarks>
/// <para>
/// Names are compared by their UTF-16 code units. A store may instead compare code points, which differs only for characters beyond the
/// Basic Multilingual Plane.
/// </para>
/// <para>
/// Text is stored as UTF-8: half of a surrogate pair comes back as U+FFFD, everything else, NUL included, is unchanged. A durable store
/// keeps its content across the end of the process; the loss of power may lose the newest transactions but not the integrity of the store.
/// </para>
/// </remarks>
public interface ILogStore : IDisposable
{
    /// <summary>Makes changes in one transaction: either all of them are stored when the method returns, or none when it throws.</summary>
    /// <param name="now">
    /// Time of the changes: groups and streams are created at it, events are ingested at it, and retention is counted from it.
    /// </param>
    /// <param name="change">Makes the changes. The transaction must not be used afterwards.</param>
    /// <exception cref="StorageException">The changes cannot be stored at the moment.</exception>
    /// <exception cref="Exception">Any exception of <paramref name="change"/>.</exception>
    void Write(DateTimeOffset now, Action<ILogTransaction> change);

    /// <summary>
    /// Reads a snapshot: everything that was stored before the call, and the same throughout, whatever is written meanwhile.
    /// </summary>
    /// <param name="read">Reads. The snapshot and what it enumerates must not be used afterwards.</param>
    /// <exception cref="StorageException">The store cannot be read at the moment.</exception>
    /// <exception cref="Exception">Any exception of <paramref name="read"/>.</exception>
    T Read<T>(Func<ILogSnapshot, T> read);
}
