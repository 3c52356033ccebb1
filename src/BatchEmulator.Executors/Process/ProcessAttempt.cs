using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>One attempt: its commands, side by side on the host.</summary>
internal sealed class ProcessAttempt(
    AttemptLaunch launch,
    IAttemptObserver observer,
    ProcessExecutorOptions options,
    TimeProvider time,
    ILogger logger,
    Action<AttemptKey> ended)
{
    private readonly AttemptFolder _folder = AttemptFolder.Of(options.Root, launch.Key);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _killRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ContainerSequence _sequence = new(launch);
    private readonly List<(ProcessRun Run, Task<ContainerEnd> Ended)> _runs = [];

    private readonly HashSet<string> _started = new(StringComparer.Ordinal);
    private bool _isTold;
    private bool _hasLostOutput;

    /// <summary>The container whose start was tried last.</summary>
    private ContainerLaunch _latest = launch.Containers[0];

    /// <summary>Completes when nothing remains of the attempt and its Exited was reported.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => launch.Key;

    public void Begin() => Completion = Task.Run(() => RunAsync(EndAsync));

    /// <summary>Reports an attempt that ended under an earlier server, or together with it, without being reported.</summary>
    public void Continue(AttemptEnd end) => Completion = Task.Run(() => RunAsync(async () =>
    {
        if (end is AttemptExited { Containers: var ends } && ends.All(one => one.ExitCode is not null))
        {
            foreach (var container in ends)
            {
                await observer.ContainerStartedAsync(Key, container.Name);
            }

            await observer.StartedAsync(Key, NodeAddress.OfProcess(launch));
        }

        return end;
    }));

    public void Stop() => _stopRequested.TrySetResult();

    /// <summary>Ends the attempt without grace and without a report.</summary>
    public void Abandon()
    {
        _killRequested.TrySetResult();
        _stopRequested.TrySetResult();
    }

    private async Task RunAsync(Func<Task<AttemptEnd>> run)
    {
        try
        {
            var end = await EndOfAsync(run);
            if (!_killRequested.Task.IsCompleted)
            {
                await TellAsync(end);
            }
            else if (!_folder.HasBegun || (_isTold && await observer.StoredAsync()))
            {
                RemoveFolder();
            }
            // Otherwise only the folder shows that the command had begun, and the next start would run it again.
        }
        catch (Exception exception)
        {
            logger.AttemptBroke(Key, exception);
        }

        ended(Key);
    }

    /// <summary>Runs the attempt. After any failure no process of it is left unwatched, and its job still gets an end.</summary>
    private async Task<AttemptEnd> EndOfAsync(Func<Task<AttemptEnd>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception)
        {
            logger.AttemptBroke(Key, exception);
            _runs.ForEach(one => one.Run.Kill());
            await Task.WhenAll(_runs.Select(one => one.Ended.ContinueWith(static _ => { }, TaskScheduler.Default)));
            return new AttemptHostLost();
        }
    }

    /// <summary>
    /// Reports the end. It is noted first, so that a server that dies before it is stored need not assume that the host was lost.
    /// </summary>
    private async Task TellAsync(AttemptEnd end)
    {
        // If nothing ran there is no folder, and no host to be lost.
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

    /// <returns>True if all were started; a stop prevents further starts.</returns>
    private async Task<bool> StartAsync(IReadOnlyList<ContainerLaunch> containers)
    {
        foreach (var container in containers)
        {
            if (_stopRequested.Task.IsCompleted)
            {
                return false;
            }

            _latest = container;
            await StartAsync(container);
        }

        return true;
    }

    private async Task StartAsync(ContainerLaunch container)
    {
        var place = _folder.Make(container.Name);
        var address = NodeAddress.OnLoopback(launch);
        var mark = MarkedProcesses.NewMark(Key);
        var command = CommandLine.Of(container, place, mark, address);
        var run = Start(container, command, place, mark);
        try
        {
            // A process that cannot be noted would outlive a server that dies, and run again.
            _folder.Note(container.Name, run.Id, ProcessGroup.NoteOf(run.Id), mark);
            await observer.ContainerStartedAsync(Key, container.Name);
            _started.Add(container.Name);
            if (!_isTold && ContainerSequence.IsStarted(launch, _started))
            {
                _isTold = true;
                await observer.StartedAsync(Key, NodeAddress.OfProcess(launch));
            }
        }
        catch
        {
            run.Kill();
            await run.WaitAsync(static _ => ValueTask.CompletedTask);
            run.Dispose();
            throw;
        }

        var following = FollowAsync(container.Name, run);
        _runs.Add((run, following));
        _sequence.Add(container, following);
    }

    private ProcessRun Start(ContainerLaunch container, CommandLine command, string place, string mark)
    {
        _folder.Announce(container.Name, mark);
        try
        {
            return ProcessRun.Start(command, place, mark, options.StopGrace);
        }
        catch (CommandNotStartedException)
        {
            _folder.Withdraw(container.Name);
            throw;
        }
    }

    private async Task<ContainerEnd> FollowAsync(string container, ProcessRun run) =>
        new(container, await run.WaitAsync(line => TellAsync(container, line)));

    private async ValueTask TellAsync(string container, string line)
    {
        if (_killRequested.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await observer.OutputAsync(Key, container, time.GetUtcNow(), line);
        }
        catch (Exception exception)
        {
            // A command whose output is not read would block at a full pipe: only the line is lost.
            if (!Interlocked.Exchange(ref _hasLostOutput, true))
            {
                logger.OutputLost(Key, exception.Message);
            }
        }
    }

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
