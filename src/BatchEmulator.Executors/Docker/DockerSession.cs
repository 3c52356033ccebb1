using System.Collections.Concurrent;
using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>Counts the stored lines of a container's output, when its attempt is taken over.</summary>
internal delegate Task<long> LinesStored(AttemptLaunch launch, ContainerLaunch container);

/// <summary>Objects that all attempts of one executor share.</summary>
internal sealed class DockerSession(
    IAttemptObserver observer, DockerEngine engine, DockerExecutorOptions options, ILogger logger, CancellationToken ending) : IDisposable
{
    /// <summary>More concurrent starts make an engine slower, not faster.</summary>
    private const int ConcurrentStarts = 8;

    private const int ConcurrentRemovals = 8;

    private static readonly TimeSpan ShortCall = TimeSpan.FromMinutes(2);

    /// <summary>Pauses before each repetition of a removal for which the engine could not be reached.</summary>
    private static readonly TimeSpan[] RemovalPauses =
        [.. new[] { 1, 5, 15, 60, 300, 900, 3600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly ConcurrentDictionary<string, Lazy<Task>> _pulls = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _removals = new(ConcurrentRemovals);
    private NodeNetworks? _networks;

    public IAttemptObserver Observer => observer;

    public DockerEngine Engine => engine;

    public DockerExecutorOptions Options => options;

    public ILogger Logger => logger;

    /// <summary>Cancelled when the executor is disposed.</summary>
    public CancellationToken Ending => ending;

    public NodeNetworks Networks => LazyInitializer.EnsureInitialized(ref _networks, () => new NodeNetworks(this));

    public SemaphoreSlim Starts { get; } = new(ConcurrentStarts);

    public void Dispose()
    {
        Starts.Dispose();
        _removals.Dispose();
        _networks?.Dispose();
    }

    /// <summary>Pulls an image once for all concurrent callers; the token ends only the caller's wait.</summary>
    public async Task PullAsync(string image, CancellationToken cancellationToken)
    {
        var pull = _pulls.GetOrAdd(image, name => new Lazy<Task>(() => Task.Run(() => PullOnceAsync(name), ending)));
        await pull.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Makes a call that the engine should answer soon; an engine that does not is treated as unreachable.</summary>
    public async Task<T> SoonAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
        patience.CancelAfter(ShortCall);
        try
        {
            return await call(patience.Token);
        }
        catch (OperationCanceledException exception) when (!ending.IsCancellationRequested)
        {
            throw new DockerUnreachableException(engine.Address, exception);
        }
    }

    /// <inheritdoc cref="SoonAsync{T}"/>
    public Task SoonAsync(Func<CancellationToken, Task> call) => SoonAsync(async token =>
    {
        await call(token);
        return true;
    });

    /// <summary>
    /// Removes a container, running or not. Never fails: a removal for which the engine cannot be reached is tried again later.
    /// </summary>
    public async Task RemoveAsync(string container)
    {
        await _removals.WaitAsync(ending);
        try
        {
            if (!await TryRemoveAsync(container))
            {
                _ = RemoveLaterAsync(container);
            }
        }
        finally
        {
            _removals.Release();
        }
    }

    public async Task RemoveVolumeAsync(string volume)
    {
        try
        {
            await SoonAsync(token => engine.RemoveVolumeAsync(volume, token));
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // No container was created.
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            logger.VolumeStays(volume, exception.Message);
        }
    }

    private async Task PullOnceAsync(string image)
    {
        try
        {
            await engine.PullAsync(image, ending);
        }
        finally
        {
            // The next attempt that needs the image pulls again: a failure may be temporary.
            _pulls.TryRemove(image, out _);
        }
    }

    /// <returns>True if the container is gone.</returns>
    private async Task<bool> TryRemoveAsync(string container)
    {
        try
        {
            await SoonAsync(token => engine.RemoveAsync(container, token));
            return true;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return true;
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            logger.ContainerStays(container, exception.Message);
            return false;
        }
    }

    private async Task RemoveLaterAsync(string container)
    {
        try
        {
            foreach (var pause in RemovalPauses)
            {
                await Task.Delay(pause, ending);
                if (await TryRemoveAsync(container))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The next start of the server removes it.
        }
    }
}
