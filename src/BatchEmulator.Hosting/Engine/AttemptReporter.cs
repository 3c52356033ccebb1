using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Receives the reports of executors: progress goes to the engine, output directly to the log store. None of its methods fails, and a
/// failure of the log store affects neither the engine nor the executors: it costs output at most.
/// </summary>
internal sealed partial class AttemptReporter(
    EngineMailbox mailbox, AttemptDirectory attempts, QueuedLogStore logs, ILogger<AttemptReporter> logger)
    : IAttemptObserver
{
    private List<EngineInput>? _gathered;
    private long _logLines;

    /// <summary>Number of lines that attempts have written so far.</summary>
    public long LogLines => Interlocked.Read(ref _logLines);

    /// <summary>Begins to collect inputs instead of forwarding them.</summary>
    public void Gather() => _gathered = [];

    /// <summary>Forwards the collected inputs, to be applied in one turn, and forwards further ones at once again.</summary>
    public async Task HandOverAsync()
    {
        if (Interlocked.Exchange(ref _gathered, null) is { Count: > 0 } news)
        {
            await mailbox.PostAsync(new InputBatch(news));
        }
    }

    /// <summary>Creates the container's log stream, as the awslogs driver does, so that it exists even if nothing is written.</summary>
    public ValueTask ContainerStartedAsync(AttemptKey key, string container)
    {
        if (LogOf(key, container) is { } log)
        {
            logs.OpenStream(log);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StartedAsync(AttemptKey key, string? privateAddress) => PostAsync(new AttemptStarted(key, privateAddress));

    public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line)
    {
        if (LogOf(key, container) is not { } log)
        {
            return ValueTask.CompletedTask;
        }

        attempts.NoteOutput(key);
        Interlocked.Increment(ref _logLines);
        return logs.AppendAsync(log, at, line);
    }

    /// <summary>When a job is shown as ended, all its output is readable, unless the log store cannot be written.</summary>
    public async ValueTask ExitedAsync(AttemptKey key, AttemptEnd end)
    {
        if (attempts.Remove(key))
        {
            await logs.TryFlushAsync();
        }

        await PostAsync(new AttemptEnded(key, end));
    }

    public async ValueTask<bool> StoredAsync()
    {
        await logs.TryFlushAsync();
        return await mailbox.FlushAsync();
    }

    /// <summary>Ends the server, because the executor can no longer run anything.</summary>
    public void Break(Exception reason) => mailbox.Break(reason);

    /// <summary>Counts the stored lines of a container, which an executor that reads its log from the beginning may skip.</summary>
    public async Task<long> CountStoredAsync(AttemptLaunch launch, ContainerLaunch container)
    {
        try
        {
            return await logs.CountAsync(new(launch.Scope, container.Log.Group, container.Log.Stream));
        }
        catch (Exception exception)
        {
            // Output that is stored twice is better than an attempt that is abandoned, or output that is lost.
            OutputMayRepeat(launch.Key, exception.Message);
            return 0;
        }
    }

    private LogStreamKey? LogOf(AttemptKey key, string container) =>
        attempts.Find(key) is { } launch && launch.Containers.FirstOrDefault(c => c.Name == container)?.Log is { } log
            ? new LogStreamKey(launch.Scope, log.Group, log.Stream)
            : null;

    private ValueTask PostAsync(EngineInput news)
    {
        if (_gathered is { } gathered)
        {
            gathered.Add(news);
            return ValueTask.CompletedTask;
        }

        return mailbox.PostAsync(news);
    }

    [LoggerMessage(LogLevel.Warning, "Attempt {Key}: some of its output may be stored twice, since the log store cannot be read: {Reason}")]
    private partial void OutputMayRepeat(AttemptKey key, string reason);
}
