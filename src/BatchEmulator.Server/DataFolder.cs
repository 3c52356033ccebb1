namespace BatchEmulator.Server;

/// <summary>The folder that holds everything; belongs to one server at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly bool _isEphemeral;

    /// <exception cref="Settings.SettingsException">The folder cannot be used.</exception>
    public DataFolder(string path, bool isEphemeral)
    {
        _isEphemeral = isEphemeral;
        try
        {
            Path = isEphemeral ? Directory.CreateTempSubdirectory("batch-emulator-").FullName : Directory.CreateDirectory(path).FullName;
            _lock = new FileStream(File("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Settings.SettingsException($"The data folder {path} cannot be used, perhaps because another server uses it: {exception.Message}");
        }
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        _lock.Dispose();
        if (_isEphemeral)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
