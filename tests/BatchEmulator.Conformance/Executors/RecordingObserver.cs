using System.Collections.Concurrent;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Remembers what an executor told, checks the order that the port promises, and lets tests wait for it.</summary>
public sealed class RecordingObserver : IAttemptObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<AttemptKey, Recording> _recordings = new();

    /// <summary>Everything that broke the port's promises.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public Recording this[AttemptKey key] => _recordings.GetOrAdd(key, _ => new());

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

    public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line)
    {
        var recording = this[key];
        lock (recording)
        {
            Check(recording.Ends == 0 && (recording.Starts == 1 || container != Launch.OnlyContainer), key, $"wrote '{line}' while it did not run");
            Check(recording.StartedContainers.Contains(container), key, $"wrote '{line}' before {container} was started");
            recording.Output.Add((container, at, line));
        }

        recording.Wrote.Release();
        return ValueTask.CompletedTask;
    }

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

    /// <summary>Whether the server lives long enough to store what it is told.</summary>
    public bool Stores { get; set; } = true;

    public ValueTask<bool> StoredAsync() => ValueTask.FromResult(Stores);

    public Task StartedAsync(AttemptKey key) => this[key].Started.Task.WaitAsync(Patience);

    public Task<AttemptEnd> ExitedAsync(AttemptKey key) => this[key].Exited.Task.WaitAsync(Patience);

    /// <summary>The end of the attempt's only container.</summary>
    public async Task<ContainerEnd> ContainerEndAsync(AttemptKey key) =>
        (await ExitedAsync(key)).Should().BeOfType<AttemptExited>().Which.Containers.Should().ContainSingle().Subject;

    public async Task<AttemptNotStarted> NotStartedAsync(AttemptKey key) =>
        (await ExitedAsync(key)).Should().BeOfType<AttemptNotStarted>().Subject;

    public async Task WroteAsync(AttemptKey key, string line)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Lines(key).Contains(line, StringComparer.Ordinal))
        {
            await this[key].Wrote.WaitAsync(patience.Token);
        }
    }

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

    public sealed class Recording
    {
        public int Starts { get; set; }

        public int Ends { get; set; }

        /// <summary>How many lines were told before its start: those of containers that others wait for.</summary>
        public int LinesBeforeStart { get; set; }

        public string? PrivateAddress { get; set; }

        /// <summary>In the order in which they were told, also more than once.</summary>
        public List<string> StartedContainers { get; } = [];

        public List<(string Container, DateTimeOffset At, string Line)> Output { get; } = [];

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SemaphoreSlim Wrote { get; } = new(0);

        public TaskCompletionSource<AttemptEnd> Exited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
