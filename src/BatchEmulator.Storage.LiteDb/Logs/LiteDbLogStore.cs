using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>Keeps logs in a separate LiteDB file, so that the output of jobs never delays their scheduling.</summary>
internal sealed class LiteDbLogStore : ILogStore
{
    private readonly LiteDbFile _file;

    private LiteDbLogStore(LiteDbFile file) => _file = file;

    /// <summary>The damaged file that was set aside when the store was opened; null if there was none.</summary>
    public SetAsideFile? SetAside { get; private init; }

    /// <summary>
    /// Opens the file, and creates it if needed. A file that is damaged or of a newer version is set aside, and a new one begun: old output
    /// must not prevent jobs from running.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static LiteDbLogStore Open(string path, DateTimeOffset now)
    {
        try
        {
            return new(OpenFile(path));
        }
        catch (Exception exception) when (exception is DamagedFileException or InvalidDataException)
        {
            var setAside = new SetAsideFile(path, LogFiles.SetAside(path, now), exception.Message);
            return new(OpenFile(path)) { SetAside = setAside };
        }
    }

    public void Write(DateTimeOffset now, Action<ILogTransaction> change) => Guarded(() =>
    {
        _file.Write(session =>
        {
            var transaction = new LogTransaction(session, now);
            change(transaction);
            transaction.Flush();
        });
        return true;
    });

    public T Read<T>(Func<ILogSnapshot, T> read) => Guarded(() => _file.Read(session => read(new LogSnapshot(session))));

    public void Dispose() => _file.Dispose();

    // Output need not wait for the disk: a loss of power may lose the newest lines.
    private static LiteDbFile OpenFile(string path) => new(path, LogSchema.Schema, isFlushed: false);

    private static T Guarded<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is IOException or LiteException)
        {
            throw new StorageException(exception.Message, exception);
        }
    }
}
