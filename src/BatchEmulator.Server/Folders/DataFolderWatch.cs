namespace BatchEmulator.Server.Folders;

/// <summary>
/// Stops the server when its data folder is deleted, moved or replaced: the database would continue to write into a file that nobody can
/// find any more, and acknowledged changes would be lost.
/// </summary>
internal sealed partial class DataFolderWatch : IAsyncDisposable
{
    /// <summary>Time between two checks; each costs two system calls.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<(string Path, FileStatus? Status)> _files;
    private readonly Func<Task> _stop;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private readonly Lock _lock = new();

    /// <param name="files">Required files of the folder; they exist.</param>
    /// <param name="time">Clock of the checks.</param>
    /// <param name="stop">Stops the server.</param>
    /// <param name="logger">Logger.</param>
    public DataFolderWatch(IReadOnlyList<string> files, TimeProvider time, Func<Task> stop, ILogger<DataFolderWatch> logger)
    {
        _files = [.. files.Select(path => (path, FileStatus.Of(path)))];
        (_stop, _logger, _timer) = (stop, logger, new PeriodicTimer(Interval, time));
        _watching = WatchAsync();
    }

    /// <summary>Returns true once the folder is gone.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Checks now if the folder still exists.</summary>
    public void Look()
    {
        lock (_lock)
        {
            if (!HasFailed && _files.FirstOrDefault(file => IsGone(file.Path, file.Status)) is { Path: { } path })
            {
                HasFailed = true;
                FolderGone(path);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        while (!HasFailed && await _timer.WaitForNextTickAsync())
        {
            Look();
        }

        if (HasFailed)
        {
            await _stop();
        }
    }

    private static bool IsGone(string path, FileStatus? then) =>
        !File.Exists(path)
        || (then is { } before && FileStatus.Of(path) is { } now && (before.Device, before.Inode) != (now.Device, now.Inode));

    [LoggerMessage(
        LogLevel.Critical, "{Path} was deleted or replaced while the server ran. The server ends: acknowledged changes would be lost.")]
    private partial void FolderGone(string path);
}
