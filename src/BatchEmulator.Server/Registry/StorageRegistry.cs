using BatchEmulator.Core;
using BatchEmulator.Hosting;
using BatchEmulator.Server.Folders;

namespace BatchEmulator.Server.Registry;

/// <summary>Storages by the names of <c>--storage</c>, one row each.</summary>
internal static partial class StorageRegistry
{
    private static IReadOnlyList<StorageRow> Rows { get; } = [SqliteStorage.Row, LiteDbStorage.Row];

    /// <summary>Names of storages; the first one is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rows.Select(row => row.Name)];

    /// <summary>Prefixes of the names of all files that storages write.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Rows.SelectMany(row => (string[])[row.Database, row.Logs])];

    public static StorageRow Find(string name) => Rows.Single(row => row.Name == name);

    /// <summary>Opens a storage in a data folder.</summary>
    /// <exception cref="StartException">The storage cannot be used, or the folder holds another one.</exception>
    public static EmulatorStorage Open(StorageRow row, DataFolder folder, TimeProvider clock, ILoggerFactory loggers)
    {
        var database = folder.File(row.Database);
        if (!File.Exists(database) && Rows.FirstOrDefault(other => File.Exists(folder.File(other.Database))) is { } found)
        {
            throw new StartException(
                $"The data folder {folder.Path} holds a database of --storage {found.Name} ({found.Database}). "
                + $"Start with --storage {found.Name}, or name another folder with --data.");
        }

        var (storage, setAside) = row.Open(database, folder.File(row.Logs), clock.GetUtcNow());
        if (setAside is not null)
        {
            FileSetAside(loggers.CreateLogger(typeof(StorageRegistry)), setAside.Path, setAside.Kept, setAside.Problem);
        }

        return storage;
    }
}
