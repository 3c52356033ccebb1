using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Logs;

namespace BatchEmulator.Server.Executors;

/// <summary>Takes what executors tell: progress goes to the engine, output straight to the log store.</summary>
internal sealed class AttemptReporter(EngineMailbox mailbox, AttemptDirectory attempts, LogStore logs) : IAttemptObserver
{
    private List<EngineInput>? _gathered;
    private long _logLines;

    /// <summary>Lines that attempts wrote so far.</summary>
    public long LogLines => Interlocked.Read(ref _logLines);

    /// <summary>From now on gathers news instead of passing them on.</summary>
    public void Gather() => _gathered = [];

    /// <summary>Hands over what was gathered, to be taken in by one turn, and passes on at once again what comes.</summary>
    public async Task HandOverAsync()
    {
        if (Interlocked.Exchange(ref _gathered, null) is { Count: > 0 } news)
        {
            await mailbox.PostAsync(new SimultaneousNews(news));
        }
    }

    public ValueTask StartedAsync(AttemptKey key, string? privateAddress) => PostAsync(new AttemptStarted(key, privateAddress));

    public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line)
    {
        if (attempts.Find(key) is not { } launch)
        {
            return ValueTask.CompletedTask;
        }

        var log = launch.Containers.First(c => c.Name == container).Log;
        attempts.NoteOutput(key);
        Interlocked.Increment(ref _logLines);
        return logs.AppendAsync(launch.Scope, log.Group, log.Stream, at, line);
    }

    /// <summary>A job that is seen to have ended has all its output readable.</summary>
    public async ValueTask ExitedAsync(AttemptKey key, AttemptEnd end)
    {
        if (attempts.Remove(key))
        {
            await logs.FlushAsync();
        }

        await PostAsync(new AttemptEnded(key, end));
    }

    public ValueTask<bool> StoredAsync() => mailbox.SettleAsync();

    /// <summary>How many lines of a container are stored: what an executor that reads a log again from its beginning may skip.</summary>
    public async Task<long> CountStoredAsync(AttemptLaunch launch, ContainerLaunch container)
    {
        await logs.FlushAsync();
        return await logs.CountAsync(launch.Scope, container.Log.Group, container.Log.Stream);
    }

    private ValueTask PostAsync(EngineInput news)
    {
        if (_gathered is { } gathered)
        {
            gathered.Add(news);
            return ValueTask.CompletedTask;
        }

        return mailbox.PostAsync(news);
    }
}
