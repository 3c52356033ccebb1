using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>One attempt: its commands side by side on the host.</summary>
internal sealed class ProcessAttempt(
    AttemptLaunch launch, IAttemptObserver observer, ProcessExecutorOptions options, TimeProvider time, ILogger logger, Action<AttemptKey> ended)
{
    private readonly AttemptFolder folder = AttemptFolder.Of(options.Root, launch.Key);
    private readonly TaskCompletionSource stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource killRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ContainerLaunch Container, ProcessRun Run, Task<int> Ended)> running = [];

    /// <summary>Completes when nothing of the attempt is left and its Exited was told.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => launch.Key;

    public void Begin() => Completion = Task.Run(RunAsync);

    public void Stop() => stopRequested.TrySetResult();

    /// <summary>Ends it without grace and without a word to the observer.</summary>
    public void Abandon()
    {
        killRequested.TrySetResult();
        stopRequested.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            var end = await EndAsync();
            RemoveFolder();
            if (!killRequested.Task.IsCompleted)
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
            await AttemptEnding.WhenDueAsync([.. running.Select(one => (one.Container, (Task)one.Ended))], stopRequested.Task);
        }
        catch (CommandNotStartedException exception)
        {
            failure = exception.End;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = new AttemptNotStarted($"CannotCreateContainerError: {exception.Message}");
        }

        await Task.WhenAll(running.Where(one => !one.Ended.IsCompleted).Select(StopOneAsync));
        var ends = new List<ContainerEnd>();
        foreach (var container in launch.Containers)
        {
            var one = running.Find(candidate => candidate.Container == container);
            ends.Add(new ContainerEnd(container.Name, one.Run is null ? null : await one.Ended));
            one.Run?.Dispose();
        }

        return failure is null ? new AttemptExited(ends) : failure;
    }

    private async Task StartAllAsync()
    {
        foreach (var container in launch.Containers)
        {
            if (stopRequested.Task.IsCompleted)
            {
                return;
            }

            var place = folder.Make(container.Name);
            var run = ProcessRun.Start(CommandLine.Of(container, place), place, options.StopGrace);
            folder.Note(container.Name, run.Id, ProcessGroup.BirthOf(run.Id) ?? "", MarkOf(container));
            if (running.Count == 0)
            {
                await observer.StartedAsync(Key, privateAddress: null);
            }

            running.Add((container, run, run.WaitAsync(line => TellAsync(container.Name, line))));
        }
    }

    // Present in every job's environment, and different for every job.
    private static string MarkOf(ContainerLaunch container) =>
        container.Environment.Where(variable => variable.Key == "AWS_BATCH_JOB_ID").Select(variable => $"{variable.Key}={variable.Value}")
            .FirstOrDefault("");

    private ValueTask TellAsync(string container, string line) =>
        killRequested.Task.IsCompleted ? ValueTask.CompletedTask : observer.OutputAsync(Key, container, time.GetUtcNow(), line);

    private async Task StopOneAsync((ContainerLaunch Container, ProcessRun Run, Task<int> Ended) one)
    {
        if (killRequested.Task.IsCompleted)
        {
            one.Run.Kill();
            return;
        }

        var stopping = one.Run.StopAsync(one.Ended);
        if (await Task.WhenAny(stopping, killRequested.Task) != stopping)
        {
            one.Run.Kill();
        }
    }

    private void RemoveFolder()
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
