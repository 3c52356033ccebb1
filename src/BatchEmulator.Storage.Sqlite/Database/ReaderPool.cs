using System.Collections.Concurrent;
using BatchEmulator.Core.Storage;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Database;

/// <summary>Read-only connections with their prepared statements. A reader is used by one thread at a time.</summary>
/// <param name="path">Path of the file.</param>
/// <param name="onPrepare">Called with the text of each statement on its first use by a reader.</param>
internal sealed class ReaderPool(string path, Action<string>? onPrepare = null) : IDisposable
{
    private const int MaximumIdle = 16;
    private readonly ConcurrentStack<Reader> _idle = new();
    private volatile bool _isDisposed;

    /// <summary>Reads in one snapshot of the file, whatever the number of statements.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public T Read<T>(Func<Reader, T> read)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return ReadWithReader(read);
        }
        catch (SqliteException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }

    private T ReadWithReader<T>(Func<Reader, T> read)
    {
        if (!_idle.TryPop(out var reader))
        {
            reader = new Reader(SqliteDatabase.OpenReader(path), onPrepare);
        }

        try
        {
            reader.Begin();
            try
            {
                return read(reader);
            }
            finally
            {
                reader.End();
            }
        }
        finally
        {
            Return(reader);
        }
    }

    private void Return(Reader reader)
    {
        if (_idle.Count >= MaximumIdle)
        {
            reader.Dispose();
            return;
        }

        _idle.Push(reader);
        if (_isDisposed)
        {
            // Dispose may have emptied the pool before this reader was returned.
            Dispose();
        }
    }

    internal sealed class Reader(SqliteConnection connection, Action<string>? onPrepare = null) : IDisposable
    {
        private const int MaximumStatements = 64;
        private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
        private readonly SqliteStatement _begin = new(connection, "BEGIN");
        private readonly SqliteStatement _end = new(connection, "COMMIT");

        public void Begin() => _begin.Run();

        public void End() => _end.Run();

        public SqliteStatement Prepare(string sql, int parameterCount)
        {
            if (!_statements.TryGetValue(sql, out var statement))
            {
                if (_statements.Count == MaximumStatements)
                {
                    throw new InvalidOperationException("Queries are built from a fixed set of texts; this one makes too many.");
                }

                onPrepare?.Invoke(sql);
                _statements[sql] = statement = new SqliteStatement(connection, sql, parameterCount);
            }

            return statement;
        }

        /// <summary>Compiles a statement that the caller owns: for use while others with the same text are open.</summary>
        public SqliteStatement Compile(string sql, int parameterCount) => new(connection, sql, parameterCount);

        public void Dispose()
        {
            _begin.Dispose();
            _end.Dispose();
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            connection.Dispose();
        }
    }
}
