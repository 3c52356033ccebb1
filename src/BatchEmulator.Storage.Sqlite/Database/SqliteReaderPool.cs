using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Database;

/// <summary>
/// A few read-only connections to one file. A reader beyond their number waits without holding a thread, so that a flood of
/// expensive reads occupies a bounded number of threads.
/// </summary>
internal sealed class SqliteReaderPool(string path, int size) : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _turns = new(size, size);
    private volatile bool _disposed;

    /// <summary>Runs a read in one snapshot of the file.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var connection = _idle.TryTake(out var idle) ? idle : SqliteDatabase.OpenReader(path);
            try
            {
                // Deferred: a reader never takes the lock of the writer.
                using var transaction = connection.BeginTransaction(deferred: true);
                return read(connection);
            }
            finally
            {
                Return(connection);
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private void Return(SqliteConnection connection)
    {
        _idle.Add(connection);
        if (_disposed)
        {
            // Dispose may have emptied the pool before this connection came back.
            Dispose();
        }
    }
}
