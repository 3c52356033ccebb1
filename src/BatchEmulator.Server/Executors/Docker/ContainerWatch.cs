using System.Diagnostics;
using System.Net;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Docker;

/// <summary>Follows one started container to its end: tells its output as it comes and finds out how it ended.</summary>
internal sealed class ContainerWatch(DockerSession session, AttemptKey key, string name, string id, long linesStored)
{
    private const string OutOfMemory = "OutOfMemoryError: Container killed due to memory usage";

    /// <summary>How long the followed log may take to end after its container has.</summary>
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(10);

    /// <summary>A log that ended longer before its container than this was cut off.</summary>
    private static readonly TimeSpan OrderlyLogEnd = TimeSpan.FromMilliseconds(500);

    private long linesTold = linesStored;

    public string Id => id;

    /// <returns>Once all output has been told.</returns>
    /// <exception cref="DockerUnreachableException">The engine went away and did not come back.</exception>
    /// <exception cref="DockerRefusedException">The engine knows the container no more.</exception>
    public async Task<ContainerEnd> RunAsync()
    {
        var losses = 0;
        while (true)
        {
            try
            {
                return await WatchAsync(() => losses = 0);
            }
            catch (DockerUnreachableException exception) when (losses < session.Options.ReconnectPauses.Count)
            {
                session.Logger.EngineWentAway(key, name, exception.Message);
                await Task.Delay(session.Options.ReconnectPauses[losses++], session.Ending);
            }
        }
    }

    private async Task<ContainerEnd> WatchAsync(Action connected)
    {
        using var readings = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        var following = FollowAsync(readings.Token);
        try
        {
            using var wait = await session.Client.OpenWaitAsync(id, session.Ending);
            connected();
            var exitCode = await session.Client.ExitCodeAsync(wait, session.Ending);
            await FinishOutputAsync(following, readings);
            return new ContainerEnd(name, exitCode, exitCode == 0 ? null : await ReasonAsync());
        }
        finally
        {
            // Also when the wait broke: the next round reads the log again from its start.
            await readings.CancelAsync();
            await following;
        }
    }

    private async Task<string?> ReasonAsync()
    {
        var inspected = await session.SoonAsync(token => session.Client.InspectAsync(id, token));
        return inspected.State.OomKilled ? OutOfMemory : null;
    }

    /// <summary>Never fails: reads as far as it goes.</summary>
    private async Task<Reading> FollowAsync(CancellationToken cancellationToken)
    {
        var reading = new Reading();
        try
        {
            await ReadLogAsync(reading, follow: true, cancellationToken);
            reading.ReachedEnd = true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or DockerUnreachableException or IOException
            or HttpRequestException or DockerRefusedException or InvalidDataException)
        {
            reading.Problem = exception.Message;
        }

        reading.EndedAt = Stopwatch.GetTimestamp();
        return reading;
    }

    private async Task FinishOutputAsync(Task<Reading> following, CancellationTokenSource readings)
    {
        var exitedAt = Stopwatch.GetTimestamp();
        try
        {
            await following.WaitAsync(LogPatience, session.Ending);
        }
        catch (TimeoutException)
        {
            await readings.CancelAsync();
        }

        var reading = await following;
        if (!reading.ReachedEnd || Stopwatch.GetElapsedTime(reading.EndedAt, exitedAt) > OrderlyLogEnd)
        {
            // The container has ended, so this time the log is whole.
            reading = new Reading();
            try
            {
                await ReadLogAsync(reading, follow: false, session.Ending);
            }
            catch (Exception exception) when (exception is InvalidDataException
                || (exception is DockerRefusedException refused && refused.Status != HttpStatusCode.NotFound))
            {
                session.Logger.OutputLost(key, name, exception.Message);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                throw new DockerUnreachableException(session.Client.Address, exception);
            }
        }

        await reading.Log.FlushAsync((at, line) => TellAsync(reading, at, line));
    }

    private async Task ReadLogAsync(Reading reading, bool follow, CancellationToken cancellationToken)
    {
        await using var stream = await session.Client.OpenLogAsync(id, follow, cancellationToken);
        await reading.Log.ReadAsync(stream, (at, line) => TellAsync(reading, at, line), cancellationToken);
    }

    /// <summary>Every reading starts with the log's first line; what has been told before is passed over.</summary>
    private ValueTask TellAsync(Reading reading, DateTimeOffset at, string line)
    {
        if (++reading.Lines <= linesTold)
        {
            return ValueTask.CompletedTask;
        }

        linesTold = reading.Lines;
        return session.Observer.OutputAsync(key, name, at, line);
    }

    private sealed class Reading
    {
        public DockerLogReader Log { get; } = new();

        public long Lines { get; set; }

        public bool ReachedEnd { get; set; }

        public string? Problem { get; set; }

        public long EndedAt { get; set; }
    }
}
