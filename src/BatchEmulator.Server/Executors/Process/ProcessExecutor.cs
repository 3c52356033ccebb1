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

    public void Start(AttemptLaunch launch) => Add(launch, attempt => attempt.Begin());

    public void Stop(AttemptKey key)
    {
        if (_attempts.TryGetValue(key, out var attempt))
        {
            attempt.Stop();
        }
    }

    /// <summary>
    /// Takes up what has ended: the output of a process cannot be had again once its reader is gone, so what still runs is killed.
    /// </summary>
    public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken) => Task.Run<IReadOnlySet<AttemptKey>>(
        () =>
        {
            var ended = new Dictionary<string, (AttemptLaunch Launch, IReadOnlyList<ContainerEnd> Ends)>(StringComparer.Ordinal);
            foreach (var launch in expected.Select(attempt => attempt.Launch))
            {
                var folder = AttemptFolder.Of(options.Root, launch.Key);
                if (folder.ReadEnd() is { } ends)
                {
                    ended.Add(folder.ToString(), (launch, ends));
                }
            }

            foreach (var folder in AttemptFolder.AllIn(options.Root).Where(folder => !ended.ContainsKey(folder.ToString())))
            {
                cancellationToken.ThrowIfCancellationRequested();
                RemoveLeftover(folder);
            }

            foreach (var (launch, ends) in ended.Values)
            {
                Add(launch, attempt => attempt.Continue(ends));
            }

            return ended.Values.Select(one => one.Launch.Key).ToHashSet();
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

    private void Add(AttemptLaunch launch, Action<ProcessAttempt> begin)
    {
        var attempt = new ProcessAttempt(launch, observer, options, time, logger, key => _attempts.TryRemove(key, out _));
        if (!_ending && _attempts.TryAdd(launch.Key, attempt))
        {
            begin(attempt);
        }
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
