using System.Threading.Channels;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// Runs nothing: durations and ends of attempts follow the rules and their environment, by the given clock. One loop makes all reports to
/// the observer; future steps are a heap of due times with a single timer, so that a hundred thousand attempts cost memory only.
/// </summary>
internal sealed class SimulatedExecutor : IJobExecutor
{
    private readonly IAttemptObserver _observer;
    private readonly OutcomeRules _rules;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<Exception>? _broke;
    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, SimulatedRun> _runs = [];
    private readonly Queue<SimulatedRun> _toStop = new();
    private readonly Queue<SimulatedRun> _toDecide = new();
    private readonly HashSet<SimulatedRun> _held = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SimulatedTimeline _timeline;
    private readonly Task _loop;
    private long _generation;
    private bool _ending;
    private bool _hasEnded;

    /// <summary>Number of steps that may be taken; null while they are not counted.</summary>
    private int? _allowance;
    private int _steps;
    private TaskCompletionSource<int>? _stepped;

    /// <param name="observer">Observer of the attempts.</param>
    /// <param name="rules">Outcomes of the attempts.</param>
    /// <param name="time">Clock of the run times.</param>
    /// <param name="logger">Logger.</param>
    /// <param name="broke">Called when the executor can no longer run anything.</param>
    public SimulatedExecutor(
        IAttemptObserver observer,
        OutcomeRules rules,
        TimeProvider time,
        ILogger<SimulatedExecutor> logger,
        Action<Exception>? broke = null)
    {
        _observer = observer;
        _rules = rules;
        _time = time;
        _logger = logger;
        _broke = broke;
        _timeline = new SimulatedTimeline(time, Wake);
        rules.Changed += Reconsider;
        _loop = Task.Run(RunAsync);
    }

    private enum Step
    {
        Wait,
        Decide,
        Stop,
        Due,
    }

    public string Name => "simulated";

    /// <summary>Time of the next step without intervention; null if nothing waits for time.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _timeline.TryPeek(out _, out var due) ? due : null;
            }
        }
    }

    public void Start(AttemptLaunch launch) => Add(new SimulatedRun(launch, _time.GetUtcNow(), startedAt: null));

    public void Stop(AttemptKey key)
    {
        lock (_gate)
        {
            if (_runs.TryGetValue(key, out var run))
            {
                _toStop.Enqueue(run);
            }
        }

        Wake();
    }

    /// <summary>Takes over all attempts: nothing of a simulation can be lost. Each runs for the rest of its time.</summary>
    public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        foreach (var attempt in expected)
        {
            Add(new SimulatedRun(attempt.Launch, _time.GetUtcNow(), attempt.StartedAt));
        }

        return Task.FromResult<IReadOnlySet<AttemptKey>>(expected.Select(attempt => attempt.Launch.Key).ToHashSet());
    }

    /// <summary>Stops all progress except in <see cref="StepAsync"/>.</summary>
    public void HoldBack()
    {
        lock (_gate)
        {
            _allowance = 0;
        }
    }

    /// <summary>While held back: performs the steps that are due at the present time, up to a number of them.</summary>
    /// <returns>Number of steps taken; all their reports are complete.</returns>
    public Task<int> StepAsync(int maximumSteps)
    {
        TaskCompletionSource<int> stepped;
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.FromResult(0);
            }

            _allowance = maximumSteps;
            _steps = 0;
            _stepped = stepped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Wake();
        return stepped.Task;
    }

    /// <summary>Resumes progress after <see cref="HoldBack"/>.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            _allowance = null;
        }

        Wake();
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_loop.IsCompleted ? "The simulated executor has ended." : null);

    public async ValueTask DisposeAsync()
    {
        _rules.Changed -= Reconsider;
        lock (_gate)
        {
            _ending = true;
        }

        Wake();
        await _loop;
        await _timeline.DisposeAsync();
    }

    private void Add(SimulatedRun run)
    {
        lock (_gate)
        {
            if (_ending || !_runs.TryAdd(run.Launch.Key, run))
            {
                return;
            }

            _toDecide.Enqueue(run);
        }

        Wake();
    }

    /// <summary>New rules may release held attempts.</summary>
    private void Reconsider(object? sender, EventArgs arguments)
    {
        lock (_gate)
        {
            _generation++;
            foreach (var run in _held)
            {
                _toDecide.Enqueue(run);
            }

            _held.Clear();
        }

        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(item: true);

    private async Task RunAsync()
    {
        try
        {
            while (Next() is var (step, run))
            {
                if (run is null)
                {
                    await _wake.Reader.ReadAsync();
                }
                else
                {
                    await TakeAsync(step, run);
                }
            }
        }
        catch (Exception exception)
        {
            _logger.Broke(exception);
            _broke?.Invoke(exception);
        }
        finally
        {
            lock (_gate)
            {
                _hasEnded = true;
                _stepped?.TrySetResult(0);
            }
        }
    }

    /// <summary>Takes a step. An attempt that cannot be simulated ends; the others continue.</summary>
    private async ValueTask TakeAsync(Step step, SimulatedRun run)
    {
        try
        {
            if (step == Step.Stop)
            {
                await EndAsync(run, run.Stopped());
                return;
            }

            if (step == Step.Decide)
            {
                run.Outcome = _rules.OutcomeOf(run.Launch);
            }

            await GoOnAsync(run);
        }
        catch (Exception exception) when (run.Phase != SimulatedPhase.Ended)
        {
            _logger.AttemptBroke(run.Launch.Key, exception);
            await EndAsync(run, new AttemptHostLost());
        }
    }

    /// <returns>The next step; null if the executor ends.</returns>
    private (Step Step, SimulatedRun? Run)? Next()
    {
        lock (_gate)
        {
            if (_ending)
            {
                return null;
            }

            var next = _allowance == 0 ? (Step.Wait, null) : NextOf();
            if (next.Step != Step.Wait)
            {
                _allowance--;
                _steps++;
            }
            else if (_stepped is { } stepped)
            {
                _allowance = 0;
                _stepped = null;
                stepped.SetResult(_steps);
            }

            return next;
        }
    }

    private (Step Step, SimulatedRun? Run) NextOf()
    {
        // A stop precedes everything else: an attempt that was stopped while it waited never runs.
        while (_toStop.TryDequeue(out var stopped))
        {
            if (stopped.Phase != SimulatedPhase.Ended)
            {
                return (Step.Stop, stopped);
            }
        }

        while (_toDecide.TryDequeue(out var undecided))
        {
            if (undecided.Phase != SimulatedPhase.Ended)
            {
                // Before the rules are read: if they change meanwhile, the decision is made once more.
                undecided.Generation = _generation;
                return (Step.Decide, undecided);
            }
        }

        return _timeline.TryTakeDue(out var first) ? (Step.Due, first) : (Step.Wait, null);
    }

    /// <summary>Takes the next step of an attempt if it is due; otherwise waits for it.</summary>
    private async ValueTask GoOnAsync(SimulatedRun run)
    {
        if (run.IsHeld || run.DueAt > _time.GetUtcNow())
        {
            Wait(run);
        }
        else if (run.Phase == SimulatedPhase.Running)
        {
            await EndAsync(run, run.Ended());
        }
        else if (run.StartFailure is { } failure)
        {
            await EndAsync(run, new AttemptNotStarted(failure));
        }
        else
        {
            await BeginAsync(run);
        }
    }

    private async ValueTask BeginAsync(SimulatedRun run)
    {
        var isNew = !run.HasBegun;
        var now = _time.GetUtcNow();
        run.Begin(now);
        foreach (var container in run.Launch.Containers)
        {
            await _observer.ContainerStartedAsync(run.Launch.Key, container.Name);
        }

        await _observer.StartedAsync(run.Launch.Key, NodeAddress.Simulated(run.Launch));
        // Lines that were reported before a restart are stored.
        foreach (var line in isNew ? run.Outcome.Output : [])
        {
            await _observer.OutputAsync(run.Launch.Key, run.Launch.Containers[0].Name, now, line);
        }

        // Even if it ends at once, others begin before.
        Wait(run);
    }

    private void Wait(SimulatedRun run)
    {
        lock (_gate)
        {
            if (!run.IsHeld)
            {
                _timeline.Add(run);
            }
            else if (run.Generation == _generation)
            {
                _held.Add(run);
            }
            else
            {
                _toDecide.Enqueue(run);
            }
        }
    }

    private async ValueTask EndAsync(SimulatedRun run, AttemptEnd end)
    {
        run.Phase = SimulatedPhase.Ended;
        await _observer.ExitedAsync(run.Launch.Key, end);
        lock (_gate)
        {
            _runs.Remove(run.Launch.Key);
            _held.Remove(run);
        }
    }
}
