using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>One attempt: its commands side by side on the host.</summary>
internal sealed class ProcessAttempt(
    AttemptLaunch launch, IAttemptObserver observer, ProcessExecutorOptions options, TimeProvider time, ILogger logger, Action<AttemptKey> ended)
{
    private readonly AttemptFolder _folder = AttemptFolder.Of(options.Root, launch.Key);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _killRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ContainerLaunch Container, ProcessRun Run, Task<int> Ended)> _running = [];

    /// <summary>Completes when nothing of the attempt is left and its Exited was told.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => launch.Key;

    public void Begin() => Completion = Task.Run(RunAsync);

    public void Stop() => _stopRequested.TrySetResult();

    /// <summary>Ends it without grace and without a word to the observer.</summary>
    public void Abandon()
    {
        _killRequested.TrySetResult();
        _stopRequested.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            var end = await EndAsync();
            RemoveFolder();
            if (!_killRequested.Task.IsCompleted)
            {
                await observer.ExitedAsync(Key, end);
            }
        }
        catch (Exception exception)
        {
            logger.AttemptBroke(Key, exception);
        }

        ended(Key);
    }

    private async Task<AttemptEnd> EndAsync()
    {
        AttemptNotStarted? failure = null;
        try
        {
            await StartAllAsync();
            await AttemptEnding.WhenDueAsync([.. _running.Select(one => (one.Container, (Task)one.Ended))], _stopRequested.Task);
        }
        catch (CommandNotStartedException exception)
        {
            failure = exception.End;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = new AttemptNotStarted($"CannotCreateContainerError: {exception.Message}");
        }

        await Task.WhenAll(_running.Where(one => !one.Ended.IsCompleted).Select(StopOneAsync));
        var ends = new List<ContainerEnd>();
        foreach (var container in launch.Containers)
        {
            var one = _running.Find(candidate => candidate.Container == container);
            ends.Add(new ContainerEnd(container.Name, one.Run is null ? null : await one.Ended));
            one.Run?.Dispose();
        }

        return failure is null ? new AttemptExited(ends) : failure;
    }

    private async Task StartAllAsync()
    {
        foreach (var container in launch.Containers)
        {
            if (_stopRequested.Task.IsCompleted)
            {
                return;
            }

            var place = _folder.Make(container.Name);
            var run = ProcessRun.Start(CommandLine.Of(container, place), place, options.StopGrace);
            _folder.Note(container.Name, run.Id, ProcessGroup.BirthOf(run.Id) ?? "", MarkOf(container));
            if (_running.Count == 0)
            {
                await observer.StartedAsync(Key, privateAddress: null);
            }

            _running.Add((container, run, run.WaitAsync(line => TellAsync(container.Name, line))));
        }
    }

    // Present in every job's environment, and different for every job.
    private static string MarkOf(ContainerLaunch container) =>
        container.Environment.Where(variable => variable.Key == "AWS_BATCH_JOB_ID").Select(variable => $"{variable.Key}={variable.Value}")
            .FirstOrDefault("");

    private ValueTask TellAsync(string container, string line) =>
        _killRequested.Task.IsCompleted ? ValueTask.CompletedTask : observer.OutputAsync(Key, container, time.GetUtcNow(), line);

    private async Task StopOneAsync((ContainerLaunch Container, ProcessRun Run, Task<int> Ended) one)
    {
        if (_killRequested.Task.IsCompleted)
        {
            one.Run.Kill();
            return;
        }

        var stopping = one.Run.StopAsync(one.Ended);
        if (await Task.WhenAny(stopping, _killRequested.Task) != stopping)
        {
            one.Run.Kill();
        }
    }

    private void RemoveFolder()
    {
        try
        {
            _folder.Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.FolderStays(_folder.ToString(), exception.Message);
        }
    }
}
