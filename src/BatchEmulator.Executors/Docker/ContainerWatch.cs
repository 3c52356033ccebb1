using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>Follows one started container to its end: reports its output as it comes, and determines the end.</summary>
internal sealed class ContainerWatch(DockerSession session, AttemptKey key, string name, string id, long linesStored)
{
    private const string OutOfMemory = "OutOfMemoryError: Container killed due to memory usage";
    private const string CannotInspect = "CannotInspectContainerError: ";

    /// <summary>The output of a container that ends sooner is read once, at its end; nobody needs it before.</summary>
    private static readonly TimeSpan FollowAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Maximum disorder between the lines of standard output and standard error.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromSeconds(2);

    private readonly DockerLogReader _log = new();
    private DateTimeOffset _latestLine;
    private long _linesToSkip = linesStored;

    public string Id => id;

    public string Name => name;

    /// <returns>The end, once all output has been reported.</returns>
    /// <exception cref="DockerUnreachableException">The engine went away and did not come back.</exception>
    /// <exception cref="DockerRefusedException">The engine no longer knows the container.</exception>
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

    /// <summary>Completes when the engine answers again.</summary>
    /// <exception cref="DockerUnreachableException">The engine stays away.</exception>
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

    /// <summary>Returns the reason of the end. If the engine cannot determine it, the reason says so, and the exit code is kept.</summary>
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

    /// <summary>Follows the output. Never fails: what could not be followed is read after the container's end.</summary>
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
    /// Reads the rest of the output. A followed log may lack a container's last lines: engine 20.10 often ends it before them. Only after
    /// the container's end is the log complete.
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
            // The end is known, which matters more than the output.
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
