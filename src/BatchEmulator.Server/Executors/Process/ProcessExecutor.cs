using System.Collections.Concurrent;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>
/// Runs commands on the host, each in a working folder of its own and with the job's environment only. CPU and memory are not
/// limited, and the image does not matter.
/// </summary>
/// <param name="observer">Is told what happens.</param>
/// <param name="options">Settings.</param>
/// <param name="time">Stamps the lines of output.</param>
/// <param name="logger">Where trouble with folders goes.</param>
internal sealed class ProcessExecutor(
    IAttemptObserver observer, ProcessExecutorOptions options, TimeProvider time, ILogger<ProcessExecutor> logger) : IJobExecutor
{
    private readonly ConcurrentDictionary<AttemptKey, ProcessAttempt> _attempts = new();
    private volatile bool _ending;

    public string Name => "process";

    public bool UsesHost => true;

    public void Start(AttemptLaunch launch)
    {
        var attempt = new ProcessAttempt(launch, observer, options, time, logger, key => _attempts.TryRemove(key, out _));
        if (!_ending && _attempts.TryAdd(launch.Key, attempt))
        {
            attempt.Begin();
        }
    }

    public void Stop(AttemptKey key)
    {
        if (_attempts.TryGetValue(key, out var attempt))
        {
            attempt.Stop();
        }
    }

    /// <summary>Takes nothing up: the output of a process cannot be had again once its reader is gone, so what is left is killed.</summary>
    public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken) => Task.Run<IReadOnlySet<AttemptKey>>(
        () =>
        {
            foreach (var folder in AttemptFolder.AllIn(options.Root))
            {
                cancellationToken.ThrowIfCancellationRequested();
                RemoveLeftover(folder);
            }

            return new HashSet<AttemptKey>();
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _ending = true;
        var left = _attempts.Values;
        foreach (var attempt in left)
        {
            attempt.Abandon();
        }

        await Task.WhenAll(left.Select(attempt => attempt.Completion));
    }

    private void RemoveLeftover(AttemptFolder folder)
    {
        try
        {
            folder.KillLeftovers();
            folder.Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.FolderStays(folder.ToString(), exception.Message);
        }
    }
}
