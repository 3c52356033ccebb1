using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Executors.Machine;

/// <summary>
/// Limits the number of placed attempts that use this machine at once. Scheduling follows AWS's rules alone; an attempt for which the
/// machine has no room waits here, STARTING, in the order of placement, and nothing overtakes it. The nodes of a multi-node parallel job
/// get the machine together, with the first of them, since they wait for each other.
/// </summary>
internal sealed partial class MachineShare : IJobExecutor
{
    // Held while the executor is called, so that a stop never overtakes the start that it belongs to.
    private readonly Lock _lock = new();
    private readonly LinkedList<AttemptLaunch> _waiting = [];
    private readonly Dictionary<AttemptKey, LinkedListNode<AttemptLaunch>> _places = [];
    private readonly MachineRoom _room;
    private readonly IAttemptObserver _observer;
    private readonly IJobExecutor _executor;
    private readonly ILogger _logger;
    private bool _hasWarned;

    /// <param name="observer">Receives the executor's reports, and the ends of attempts that are stopped while they wait.</param>
    /// <param name="create">Creates the executor, which runs attempts once they have their room.</param>
    /// <param name="machine">vCPUs and memory of the machine that jobs may use.</param>
    /// <param name="logger">Logs the first attempt that waits.</param>
    public MachineShare(
        IAttemptObserver observer, Func<IAttemptObserver, IJobExecutor> create, ResourceAmounts machine, ILogger<MachineShare> logger)
    {
        (_observer, _room, _logger) = (observer, new MachineRoom(machine), logger);
        _executor = create(new EndObserver(this, observer));
    }

    public string Name => _executor.Name;

    /// <summary>Number of placed attempts that wait for the machine.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Start(AttemptLaunch launch)
    {
        lock (_lock)
        {
            if (_places.ContainsKey(launch.Key))
            {
                return;
            }

            if (_room.TryTake(launch, isNext: _waiting.Count == 0))
            {
                _executor.Start(launch);
                return;
            }

            _places[launch.Key] = _waiting.AddLast(launch);
            Warn(launch);
        }
    }

    public void Stop(AttemptKey key)
    {
        lock (_lock)
        {
            if (!_places.Remove(key, out var place))
            {
                _executor.Stop(key);
                return;
            }

            _waiting.Remove(place);
            _ = ReportAsync(place.Value);
            StartThoseThatFit();
        }
    }

    public async Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Before the executor is asked: attempts that it takes over may end during the call.
            foreach (var attempt in expected)
            {
                _room.Take(attempt.Launch);
            }
        }

        var recovered = await _executor.RecoverAsync(expected, cancellationToken);
        lock (_lock)
        {
            foreach (var attempt in expected.Where(attempt => !recovered.Contains(attempt.Launch.Key)))
            {
                _room.Release(attempt.Launch.Key);
            }
        }

        return recovered;
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => _executor.CheckAsync(cancellationToken);

    public ValueTask DisposeAsync() => _executor.DisposeAsync();

    private void Release(AttemptKey key)
    {
        lock (_lock)
        {
            _room.Release(key);
            StartThoseThatFit();
        }
    }

    private void StartThoseThatFit()
    {
        while (_waiting.First is { Value: var launch } && _room.TryTake(launch, isNext: true))
        {
            _waiting.RemoveFirst();
            _places.Remove(launch.Key);
            _executor.Start(launch);
        }
    }

    /// <summary>Reports the end of an attempt that was stopped while it waited; not from within the call that stopped it.</summary>
    private async Task ReportAsync(AttemptLaunch launch)
    {
        await Task.Yield();
        await _observer.ExitedAsync(launch.Key, AttemptEnding.NeverRan(launch));
    }

    private void Warn(AttemptLaunch launch)
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            WaitsForMachine(launch.Key.JobId, launch.JobName, _room.Total.MilliVcpus / 1000.0, _room.Total.MemoryMiB);
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "Job {JobId} ({JobName}) is placed and waits in STARTING until this machine has room: jobs use at most {Vcpus} vCPUs and "
        + "{MemoryMiB} MiB of it at once (--host-vcpus, --host-memory). Later waits are not logged; the metrics count them.")]
    private partial void WaitsForMachine(string jobId, string jobName, double vcpus, long memoryMiB);

    /// <summary>Forwards all reports, and frees the room of attempts that have ended.</summary>
    private sealed class EndObserver(MachineShare share, IAttemptObserver observer) : IAttemptObserver
    {
        public ValueTask ContainerStartedAsync(AttemptKey key, string container) => observer.ContainerStartedAsync(key, container);

        public ValueTask StartedAsync(AttemptKey key, string? privateAddress) => observer.StartedAsync(key, privateAddress);

        public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line) =>
            observer.OutputAsync(key, container, at, line);

        public async ValueTask ExitedAsync(AttemptKey key, AttemptEnd end)
        {
            try
            {
                await observer.ExitedAsync(key, end);
            }
            finally
            {
                share.Release(key);
            }
        }

        public ValueTask<bool> StoredAsync() => observer.StoredAsync();
    }
}
