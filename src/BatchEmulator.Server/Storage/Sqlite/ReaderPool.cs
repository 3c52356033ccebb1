using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Server.Storage.Sqlite;

/// <summary>Read-only connections with their prepared statements. A reader is used by one thread at a time.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int MaximumIdle = 16;
    private readonly ConcurrentStack<Reader> _idle = new();

    public T Read<T>(Func<Reader, T> read)
    {
        if (!_idle.TryPop(out var reader))
        {
            reader = new Reader(SqliteDatabase.OpenReader(path));
        }

        try
        {
            return read(reader);
        }
        finally
        {
            if (_idle.Count < MaximumIdle)
            {
                _idle.Push(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }

    internal sealed class Reader(SqliteConnection connection) : IDisposable
    {
        private const int MaximumStatements = 64;
        private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

        public SqliteStatement Prepare(string sql, int parameterCount)
        {
            if (!_statements.TryGetValue(sql, out var statement))
            {
                if (_statements.Count == MaximumStatements)
                {
                    throw new InvalidOperationException("Queries are built from a fixed set of texts; this one makes too many.");
                }

                _statements[sql] = statement = new SqliteStatement(connection, sql, parameterCount);
            }

            return statement;
        }

        public void Dispose()
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            connection.Dispose();
        }
    }
}
