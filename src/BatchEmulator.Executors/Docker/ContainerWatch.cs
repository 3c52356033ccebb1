using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>Follows one started container to its end: tells its output as it comes and finds out how it ended.</summary>
internal sealed class ContainerWatch(DockerSession session, AttemptKey key, string name, string id, long linesStored)
{
    private const string OutOfMemory = "OutOfMemoryError: Container killed due to memory usage";
    private const string CannotInspect = "CannotInspectContainerError: ";

    /// <summary>The output of a container that ends before is read once, at its end; nobody misses it until then.</summary>
    private static readonly TimeSpan FollowAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>By how much the lines of standard output and standard error may be out of order.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromSeconds(2);

    private readonly DockerLogReader _log = new();
    private DateTimeOffset _latestLine;
    private long _linesToSkip = linesStored;

    public string Id => id;

    public string Name => name;

    /// <returns>Once all output has been told.</returns>
    /// <exception cref="DockerUnreachableException">The engine went away and did not come back.</exception>
    /// <exception cref="DockerRefusedException">The engine knows the container no more.</exception>
    public async Task<ContainerEnd> RunAsync()
    {
        while (true)
        {
            try
            {
                return await WatchAsync();
            }
            catch (DockerUnreachableException exception)
            {
                session.Logger.EngineWentAway(key, name, exception.Message);
                await ReconnectAsync(exception);
            }
        }
    }

    /// <summary>Returns when the engine answers again.</summary>
    /// <exception cref="DockerUnreachableException">It stays away.</exception>
    private async Task ReconnectAsync(DockerUnreachableException loss)
    {
        foreach (var pause in session.Options.ReconnectPauses)
        {
            await Task.Delay(pause, session.Ending);
            try
            {
                await session.SoonAsync(session.Engine.PingAsync);
                return;
            }
            catch (Exception exception) when (exception is DockerUnreachableException or DockerRefusedException)
            {
                // It is still away, or still starting.
            }
        }

        ExceptionDispatchInfo.Throw(loss);
    }

    private async Task<ContainerEnd> WatchAsync()
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        var following = FollowAsync(run.Token);
        int exitCode;
        try
        {
            exitCode = await session.Engine.WaitAsync(id, session.Ending);
        }
        finally
        {
            await run.CancelAsync();
            await following;
        }

        await FinishOutputAsync();
        return new ContainerEnd(name, exitCode, exitCode == 0 ? null : await ReasonAsync());
    }

    /// <summary>An engine that cannot tell why is no reason to lose what is known of the end.</summary>
    private async Task<string?> ReasonAsync()
    {
        var patience = session.Options.InspectPatience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        limit.CancelAfter(patience);
        try
        {
            var inspected = await session.Engine.InspectAsync(id, limit.Token);
            return inspected.State?.OOMKilled == true ? OutOfMemory : null;
        }
        catch (DockerRefusedException exception) when (exception.Status != HttpStatusCode.NotFound)
        {
            return $"{CannotInspect}Error response from daemon: {exception.Message}";
        }
        catch (OperationCanceledException) when (!session.Ending.IsCancellationRequested)
        {
            var waited = patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return $"{CannotInspect}Could not transition to inspecting; timed out after waiting {waited}s";
        }
    }

    /// <summary>Never fails: what could not be followed is read when the container has ended.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(FollowAfter, cancellationToken);
            await ReadLogAsync(follow: true, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The container has ended, or the server does.
        }
        catch (Exception exception)
        {
            session.Logger.OutputDelayed(key, name, exception.Message);
        }
    }

    /// <summary>
    /// A followed log cannot be relied upon for a container's last lines: engine 20.10 often ends it before them. Only after the
    /// container's end is the log whole.
    /// </summary>
    private async Task FinishOutputAsync()
    {
        try
        {
            await ReadLogAsync(follow: false, session.Ending);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new DockerUnreachableException(session.Engine.Address, exception);
        }
        catch (Exception exception) when (exception is not (DockerUnreachableException or OperationCanceledException)
            && exception is not DockerRefusedException { Status: HttpStatusCode.NotFound })
        {
            // How it ended is known, which counts for more than its output.
            session.Logger.OutputLost(key, name, exception.Message);
        }

        await _log.FlushAsync(TellAsync);
    }

    private async Task ReadLogAsync(bool follow, CancellationToken cancellationToken)
    {
        await using var stream = await session.Engine.OpenLogAsync(id, _log.Since, follow, cancellationToken);
        await _log.ReadAsync(stream, TellAsync, cancellationToken);
    }

    private ValueTask TellAsync(DateTimeOffset at, string line)
    {
        if (_latestLine - at > Disorder)
        {
            // The machine's clock was set back: lines stay in their order, as the emulator's own time does.
            at = _latestLine;
        }

        _latestLine = at > _latestLine ? at : _latestLine;
        if (_linesToSkip > 0)
        {
            _linesToSkip--;
            return ValueTask.CompletedTask;
        }

        return session.Observer.OutputAsync(key, name, at, line);
    }
}
