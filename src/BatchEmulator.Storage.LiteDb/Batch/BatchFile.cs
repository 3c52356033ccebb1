using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>The database of resources and jobs, shared by store and queries.</summary>
internal sealed class BatchFile : IDisposable
{
    private readonly LiteDbFile _file;

    private BatchFile(LiteDbFile file) => _file = file;

    public string Path => _file.Path;

    /// <summary>Places of the stored jobs, and of those about to be stored.</summary>
    public PlaceTable Places { get; } = new();

    /// <summary>Opens the database, creates or migrates it.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="younger">Path of a file that exists only if the database has once had content; null if there is none.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    /// <exception cref="DamagedFileException">The file is damaged.</exception>
    public static BatchFile Open(string path, string? younger = null) =>
        new FileInfo(path) is { Exists: true, Length: 0 } && File.Exists(younger)
            ? throw new DamagedFileException("the file is empty, but had content.")
            : new(new LiteDbFile(path, BatchSchema.Schema));

    /// <inheritdoc cref="LiteDbFile.Read"/>
    public T Read<T>(Func<LiteDbSession, T> read) => _file.Read(read);

    /// <inheritdoc cref="LiteDbFile.Write"/>
    public void Write(Action<LiteDbSession> write) => _file.Write(write);

    /// <inheritdoc cref="LiteDbFile.Replace"/>
    public void Replace(Action<LiteDbSession> fill) => _file.Replace(fill);

    public void Dispose() => _file.Dispose();
}
