using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Batch;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Tests.Batch;

/// <summary>The database of a test; store and queries share it, as in the server.</summary>
internal sealed class BatchDatabase : IDisposable
{
    private readonly TestFolder _folder = new();
    private BatchFile? _file;

    public string FilePath => _folder.File("batch.litedb");

    public IBatchQueries Queries => new LiteDbBatchQueries(File);

    private BatchFile File => _file ??= BatchFile.Open(FilePath);

    /// <summary>Opens the store over the existing files.</summary>
    public IBatchStore OpenStore()
    {
        Close();
        return new OpenedStore(this, File);
    }

    /// <summary>Reads the documents.</summary>
    public T Read<T>(Func<LiteDbSession, T> read) => File.Read(read);

    /// <summary>Closes the file; the next use opens it again.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    /// <summary>A store that closes the file which queries share.</summary>
    private sealed class OpenedStore(BatchDatabase database, BatchFile file) : IBatchStore
    {
        private readonly LiteDbBatchStore _store = new(file);

        public string InstanceId => _store.InstanceId;

        public StoredState Load() => _store.Load();

        public void Commit(IReadOnlyList<Change> changes) => _store.Commit(changes);

        public void Dispose()
        {
            _store.Dispose();
            if (database._file == file)
            {
                database._file = null;
            }
        }
    }
}
