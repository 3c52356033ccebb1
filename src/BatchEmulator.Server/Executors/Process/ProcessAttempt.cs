using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>One attempt: its commands side by side on the host.</summary>
internal sealed class ProcessAttempt(
    AttemptLaunch launch, IAttemptObserver observer, ProcessExecutorOptions options, TimeProvider time, ILogger logger, Action<AttemptKey> ended)
{
    private readonly AttemptFolder _folder = AttemptFolder.Of(options.Root, launch.Key);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _killRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ContainerSequence _sequence = new(launch);
    private readonly List<(ProcessRun Run, Task<ContainerEnd> Ended)> _runs = [];

    private readonly HashSet<string> _started = new(StringComparer.Ordinal);
    private bool _isTold;

    /// <summary>The container that was to start last.</summary>
    private ContainerLaunch _latest = launch.Containers[0];

    /// <summary>Completes when nothing of the attempt is left and its Exited was told.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => launch.Key;

    public void Begin() => Completion = Task.Run(() => RunAsync(EndAsync));

    /// <summary>Tells of an attempt that ended under an earlier server, which nobody was told.</summary>
    public void Continue(IReadOnlyList<ContainerEnd> ends) => Completion = Task.Run(() => RunAsync(async () =>
    {
        if (ends.All(end => end.ExitCode is not null))
        {
            await observer.StartedAsync(Key, NodeAddress.OnLoopback(launch));
        }

        return new AttemptExited(ends);
    }));

    public void Stop() => _stopRequested.TrySetResult();

    /// <summary>Ends it without grace and without a word to the observer.</summary>
    public void Abandon()
    {
        _killRequested.TrySetResult();
        _stopRequested.TrySetResult();
    }

    private async Task RunAsync(Func<Task<AttemptEnd>> run)
    {
        try
        {
            var end = await run();
            if (_killRequested.Task.IsCompleted)
            {
                RemoveFolder();
            }
            else
            {
                await TellAsync(end);
            }
        }
        catch (Exception exception)
        {
            logger.AttemptBroke(Key, exception);
        }

        ended(Key);
    }

    /// <summary>A server that dies before the end is stored finds it noted, and need not take the attempt for lost.</summary>
    private async Task TellAsync(AttemptEnd end)
    {
        // Where nothing ran there is no folder, and nothing that could be taken for lost.
        if (end is AttemptExited exited && _runs.Count > 0)
        {
            NoteEnd(exited);
        }

        await observer.ExitedAsync(Key, end);
        if (await observer.StoredAsync())
        {
            RemoveFolder();
        }
    }

    private async Task<AttemptEnd> EndAsync()
    {
        AttemptNotStarted? failure = null;
        try
        {
            await _sequence.RunAsync(StartAsync, _stopRequested.Task);
        }
        catch (CommandNotStartedException exception)
        {
            failure = exception.End;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = new AttemptNotStarted($"CannotCreateContainerError: {exception.Message}");
        }

        await Task.WhenAll(_runs.Where(one => !one.Ended.IsCompleted).Select(StopOneAsync));
        var ends = await _sequence.EndsAsync();
        _runs.ForEach(one => one.Run.Dispose());
        return failure is null ? new AttemptExited(ends) : AttemptEnding.NotStarted(failure, _latest, ends);
    }

    /// <returns>Whether all were started: a stop keeps those from starting that have not yet.</returns>
    private async Task<bool> StartAsync(IReadOnlyList<ContainerLaunch> containers)
    {
        foreach (var container in containers)
        {
            if (_stopRequested.Task.IsCompleted)
            {
                return false;
            }

            _latest = container;
            var place = _folder.Make(container.Name);
            _folder.Announce(container.Name, MarkOf(container));
            var address = NodeAddress.OnLoopback(launch);
            var run = ProcessRun.Start(CommandLine.Of(container, place, address), place, options.StopGrace);
            _folder.Note(container.Name, run.Id, ProcessGroup.NoteOf(run.Id), MarkOf(container));
            _started.Add(container.Name);
            if (!_isTold && ContainerSequence.IsStarted(launch, _started))
            {
                _isTold = true;
                await observer.StartedAsync(Key, address);
            }

            var following = FollowAsync(container.Name, run);
            _runs.Add((run, following));
            _sequence.Add(container, following);
        }

        return true;
    }

    private async Task<ContainerEnd> FollowAsync(string container, ProcessRun run) =>
        new(container, await run.WaitAsync(line => TellAsync(container, line)));

    // Present in every job's environment, and different for every job.
    private static string MarkOf(ContainerLaunch container) =>
        container.Environment.Where(variable => variable.Key == "AWS_BATCH_JOB_ID").Select(variable => $"{variable.Key}={variable.Value}")
            .FirstOrDefault("");

    private ValueTask TellAsync(string container, string line) =>
        _killRequested.Task.IsCompleted ? ValueTask.CompletedTask : observer.OutputAsync(Key, container, time.GetUtcNow(), line);

    private async Task StopOneAsync((ProcessRun Run, Task<ContainerEnd> Ended) one)
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

    private void NoteEnd(AttemptExited exited)
    {
        try
        {
            _folder.NoteEnd(exited.Containers);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.EndNotNoted(Key, exception.Message);
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
