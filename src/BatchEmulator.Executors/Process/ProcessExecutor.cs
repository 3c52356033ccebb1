using System.Collections.Concurrent;
using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// Runs commands on the host, each in a separate working folder and with the job's environment only. CPU and memory are not limited, and
/// the image does not matter.
/// </summary>
/// <param name="observer">Observer of the attempts.</param>
/// <param name="options">Settings.</param>
/// <param name="time">Time of the lines of output.</param>
/// <param name="logger">Logger.</param>
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
    /// Takes over attempts that have ended, or had begun without a report: a command runs once, so an attempt whose end is unknown has lost
    /// its host. The output of a process cannot be recovered once its reader is gone, so running processes are killed.
    /// </summary>
    /// <exception cref="StartException">The folders of the attempts cannot be read.</exception>
    public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken) =>
        Task.Run(() => RecoverAsync(expected), cancellationToken);

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

    private async Task<IReadOnlySet<AttemptKey>> RecoverAsync(IReadOnlyList<RecoverableAttempt> expected)
    {
        try
        {
            var ends = new Dictionary<string, (AttemptLaunch Launch, AttemptEnd End)>(StringComparer.Ordinal);
            foreach (var (launch, startedAt) in expected)
            {
                var folder = AttemptFolder.Of(options.Root, launch.Key);
                if (EndOf(folder, startedAt) is { } end)
                {
                    ends.Add(folder.ToString(), (launch, end));
                }
            }

            await ProcessLeftovers.EndAsync(options.Root);
            foreach (var folder in AttemptFolder.AllIn(options.Root).Where(folder => !ends.ContainsKey(folder.ToString())).ToList())
            {
                RemoveLeftover(folder);
            }

            foreach (var (launch, end) in ends.Values)
            {
                Add(launch, attempt => attempt.Continue(end));
            }

            return ends.Values.Select(one => one.Launch.Key).ToHashSet();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without its notes, a command that had begun would run a second time.
            throw new StartException(
                $"The folder {options.Root} cannot be read: {exception.Message} "
                + "Make it accessible for this user, or name another folder with --data.");
        }
    }

    /// <returns>
    /// The end; null for an attempt that is still to start, and for one whose start was reported: that one counts as lost anyway.
    /// </returns>
    private static AttemptEnd? EndOf(AttemptFolder folder, DateTimeOffset? startedAt) =>
        folder.ReadEnd() is { } ends ? new AttemptExited(ends)
        : startedAt is null && folder.HasBegun ? new AttemptHostLost()
        : null;

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
            folder.Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.FolderStays(folder.ToString(), exception.Message);
        }
    }
}
