namespace BatchEmulator.Server;

/// <summary>
/// Ends the server when its data folder is deleted, moved or replaced: SQLite would go on writing into a file that nobody can find any
/// more, and what is answered would be lost.
/// </summary>
internal sealed partial class DataFolderWatch(
    DataFolder folder, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DataFolderWatch> logger) : BackgroundService
{
    /// <summary>Between two looks: each costs two system calls.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<(string Path, FileStatus? Status)> _files =
        [.. folder.EssentialFiles.Select(path => (path, FileStatus.Of(path)))];

    /// <summary>Whether the folder is gone.</summary>
    public bool HasFailed { get; private set; }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The loss may be why the server stops: a commit fails at once, before the next look.
        Look();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Look()
    {
        if (!HasFailed && _files.FirstOrDefault(file => IsGone(file.Path, file.Status)) is { Path: { } path })
        {
            HasFailed = true;
            FolderGone(path);
            lifetime.StopApplication();
        }
    }

    private static bool IsGone(string path, FileStatus? then) =>
        !File.Exists(path)
        || (then is { } before && FileStatus.Of(path) is { } now && (before.Device, before.Inode) != (now.Device, now.Inode));

    [LoggerMessage(
        LogLevel.Critical, "{Path} was deleted or replaced while the server ran. The server ends, since what it answered would be lost.")]
    private partial void FolderGone(string path);
}
