using System.Collections.Concurrent;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Records the reports of an executor, checks the order that the port promises, and lets tests wait for them.</summary>
public sealed class RecordingObserver : IAttemptObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<AttemptKey, Recording> _recordings = new();

    /// <summary>Violations of the port's promises, as sentences; a test fails if there are any.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Reports about one attempt.</summary>
    public Recording this[AttemptKey key] => _recordings.GetOrAdd(key, _ => new());

    /// <inheritdoc/>
    public ValueTask ContainerStartedAsync(AttemptKey key, string container)
    {
        var recording = this[key];
        lock (recording)
        {
            Check(recording.Ends == 0, key, $"had {container} started after its end");
            recording.StartedContainers.Add(container);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask StartedAsync(AttemptKey key, string? privateAddress)
    {
        var recording = this[key];
        lock (recording)
        {
            Check(recording.StartedContainers.Count > 0, key, "was started before any of its containers");
            Check(recording.Starts++ == 0, key, "was started twice");
            Check(recording.Ends == 0, key, "was started after its end");
            recording.LinesBeforeStart = recording.Output.Count;
            recording.PrivateAddress = privateAddress;
        }

        recording.Started.TrySetResult();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line)
    {
        var recording = this[key];
        lock (recording)
        {
            Check(
                recording.Ends == 0 && (recording.Starts == 1 || container != Launch.OnlyContainer),
                key,
                $"wrote '{line}' while it did not run");
            Check(recording.StartedContainers.Contains(container), key, $"wrote '{line}' before {container} was started");
            recording.Output.Add((container, at, line));
        }

        recording.Wrote.Release();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ExitedAsync(AttemptKey key, AttemptEnd end)
    {
        var recording = this[key];
        lock (recording)
        {
            Check(recording.Ends++ == 0, key, "ended twice");
        }

        recording.Exited.TrySetResult(end);
        return ValueTask.CompletedTask;
    }

    /// <summary>False while reports get lost, as if the server died before storing them.</summary>
    public bool Stores { get; set; } = true;

    /// <inheritdoc/>
    public ValueTask<bool> StoredAsync() => ValueTask.FromResult(Stores);

    /// <summary>Waits for the start of an attempt.</summary>
    public Task StartedAsync(AttemptKey key) => this[key].Started.Task.WaitAsync(Patience);

    /// <summary>Waits for the end of an attempt.</summary>
    public Task<AttemptEnd> ExitedAsync(AttemptKey key) => this[key].Exited.Task.WaitAsync(Patience);

    /// <summary>Waits for the end of an attempt, and returns that of its only container.</summary>
    public async Task<ContainerEnd> ContainerEndAsync(AttemptKey key) =>
        (await ExitedAsync(key)).Should().BeOfType<AttemptExited>().Which.Containers.Should().ContainSingle().Subject;

    /// <summary>Waits for the end of an attempt that could not be started.</summary>
    public async Task<AttemptNotStarted> NotStartedAsync(AttemptKey key) =>
        (await ExitedAsync(key)).Should().BeOfType<AttemptNotStarted>().Subject;

    /// <summary>Waits until an attempt has written a line.</summary>
    public async Task WroteAsync(AttemptKey key, string line)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Lines(key).Contains(line, StringComparer.Ordinal))
        {
            await this[key].Wrote.WaitAsync(patience.Token);
        }
    }

    /// <summary>Returns the lines that an attempt has written so far.</summary>
    public IReadOnlyList<string> Lines(AttemptKey key)
    {
        var recording = this[key];
        lock (recording)
        {
            return [.. recording.Output.Select(entry => entry.Line)];
        }
    }

    private void Check(bool holds, AttemptKey key, string problem)
    {
        if (!holds)
        {
            Violations.Enqueue($"{key} {problem}");
        }
    }

    /// <summary>Reports about one attempt.</summary>
    public sealed class Recording
    {
        /// <summary>Number of times that its start was reported.</summary>
        public int Starts { get; set; }

        /// <summary>Number of times that its end was reported.</summary>
        public int Ends { get; set; }

        /// <summary>Number of lines before its start: those of containers that others wait for.</summary>
        public int LinesBeforeStart { get; set; }

        /// <summary>Address that was reported with its start.</summary>
        public string? PrivateAddress { get; set; }

        /// <summary>Containers in the order in which their starts were reported; repetitions are included.</summary>
        public List<string> StartedContainers { get; } = [];

        /// <summary>Lines that it wrote.</summary>
        public List<(string Container, DateTimeOffset At, string Line)> Output { get; } = [];

        /// <summary>Completes when its start is reported.</summary>
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Released for each line.</summary>
        public SemaphoreSlim Wrote { get; } = new(0);

        /// <summary>Completes with its end.</summary>
        public TaskCompletionSource<AttemptEnd> Exited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
