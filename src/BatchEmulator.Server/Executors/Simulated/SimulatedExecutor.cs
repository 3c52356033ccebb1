using System.Threading.Channels;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Simulated;

/// <summary>
/// Runs nothing: attempts take the time and end as their environment says, by the clock that it is given. One loop tells the observer
/// everything; what is to come is a heap of due times with a single timer, so that a hundred thousand attempts cost memory only.
/// </summary>
internal sealed class SimulatedExecutor : IJobExecutor
{
    private const int Sigterm = 128 + 15;

    /// <summary>Timers do not take more than about 49 days; a longer wait is taken in parts.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly IAttemptObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, Run> _runs = [];
    private readonly Queue<Run> _toStart = new();
    private readonly Queue<Run> _toStop = new();
    private readonly PriorityQueue<Run, DateTimeOffset> _toEnd = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _timer;
    private readonly Task _loop;
    private bool _ending;

    /// <param name="observer">Is told what happens.</param>
    /// <param name="time">The clock that run times pass by.</param>
    /// <param name="logger">For what must not happen.</param>
    public SimulatedExecutor(IAttemptObserver observer, TimeProvider time, ILogger<SimulatedExecutor> logger)
    {
        _observer = observer;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    private enum Phase
    {
        Waiting,
        Running,
        Ended,
    }

    public string Name => "simulated";

    public bool UsesHost => false;

    public void Start(AttemptLaunch launch) => Add(new Run(launch, SimulatedOutcome.Of(launch), startedAt: null));

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

    /// <summary>Takes all up again: nothing of a simulation can be lost. Each runs on for what is left of its time.</summary>
    public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        foreach (var attempt in expected)
        {
            Add(new Run(attempt.Launch, SimulatedOutcome.Of(attempt.Launch), attempt.StartedAt));
        }

        return Task.FromResult<IReadOnlySet<AttemptKey>>(expected.Select(attempt => attempt.Launch.Key).ToHashSet());
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _ending = true;
        }

        Wake();
        await _loop;
        await _timer.DisposeAsync();
    }

    private void Add(Run run)
    {
        lock (_gate)
        {
            if (_ending || !_runs.TryAdd(run.Launch.Key, run))
            {
                return;
            }

            _toStart.Enqueue(run);
        }

        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(item: true);

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                switch (Next())
                {
                    case null:
                        return;
                    case (Step.Wait, _):
                        await _wake.Reader.ReadAsync();
                        break;
                    case (Step.Begin, { } run):
                        await BeginAsync(run);
                        break;
                    case (Step.Stop, { } run):
                        await EndAsync(run, Stopped(run));
                        break;
                    case (_, { } run):
                        await EndAsync(run, Ended(run));
                        break;
                }
            }
        }
        catch (Exception exception)
        {
            _logger.Broke(exception);
        }
    }

    /// <returns>What to do now; null when the executor ends.</returns>
    private (Step Step, Run? Run)? Next()
    {
        lock (_gate)
        {
            // A stop goes before a start: an attempt that was stopped while it waited never runs.
            while (_toStop.TryDequeue(out var stopped))
            {
                if (stopped.Phase != Phase.Ended)
                {
                    return _ending ? null : (Step.Stop, stopped);
                }
            }

            while (!_ending && _toStart.TryDequeue(out var waiting))
            {
                if (waiting.Phase == Phase.Waiting)
                {
                    return (Step.Begin, waiting);
                }
            }

            while (!_ending && _toEnd.TryPeek(out var first, out var due))
            {
                if (first.Phase != Phase.Ended && SetTimer(due))
                {
                    return (Step.Wait, null);
                }

                _toEnd.Dequeue();
                if (first.Phase != Phase.Ended)
                {
                    return (Step.End, first);
                }
            }

            return _ending ? null : (Step.Wait, null);
        }
    }

    /// <returns>False if the time has come already.</returns>
    private bool SetTimer(DateTimeOffset due)
    {
        var left = due - _time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        // Rounded up: a timer that fires a fraction early would be set again and again.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
        // A clock that is moved by hand may have jumped between the look at it and the setting of the timer.
        return due > _time.GetUtcNow();
    }

    private async Task BeginAsync(Run run)
    {
        if (run.Outcome.StartFailure is { } failure)
        {
            await EndAsync(run, new AttemptNotStarted(failure));
            return;
        }

        run.Phase = Phase.Running;
        var now = _time.GetUtcNow();
        await _observer.StartedAsync(run.Launch.Key, privateAddress: null);
        // What was told before a restart is stored.
        foreach (var line in run.StartedAt is null ? run.Outcome.Output : [])
        {
            await _observer.OutputAsync(run.Launch.Key, run.Launch.Containers[0].Name, now, line);
        }

        var since = run.StartedAt ?? now;
        lock (_gate)
        {
            _toEnd.Enqueue(run, run.Outcome.RunFor < DateTimeOffset.MaxValue - since ? since + run.Outcome.RunFor : DateTimeOffset.MaxValue);
        }
    }

    private async Task EndAsync(Run run, AttemptEnd end)
    {
        run.Phase = Phase.Ended;
        await _observer.ExitedAsync(run.Launch.Key, end);
        lock (_gate)
        {
            _runs.Remove(run.Launch.Key);
        }
    }

    private static AttemptExited Stopped(Run run) => run.Phase == Phase.Waiting
        ? AttemptEnding.NeverRan(run.Launch)
        : ExitedWith(run, Sigterm, reason: null);

    private static AttemptExited Ended(Run run) => ExitedWith(run, run.Outcome.ExitCode, run.Outcome.Reason);

    /// <summary>What the others wait for has been done already, so that they could run.</summary>
    private static AttemptExited ExitedWith(Run run, int exitCode, string? reason) =>
        new([.. run.Launch.Containers.Select(container => ContainerSequence.EndsBeforeOthers(run.Launch, container)
            ? new ContainerEnd(container.Name, ExitCode: 0)
            : new ContainerEnd(container.Name, exitCode, reason))]);

    private enum Step
    {
        Wait,
        Begin,
        Stop,
        End,
    }

    private sealed class Run(AttemptLaunch launch, SimulatedOutcome outcome, DateTimeOffset? startedAt)
    {
        public AttemptLaunch Launch => launch;

        public SimulatedOutcome Outcome => outcome;

        /// <summary>Known if it began under an earlier server.</summary>
        public DateTimeOffset? StartedAt => startedAt;

        /// <summary>Belongs to the loop.</summary>
        public Phase Phase { get; set; }
    }
}
