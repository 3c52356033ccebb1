using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;
using BatchEmulator.Executors.Machine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>Limit on placed attempts that use the machine at once: here 4 vCPUs and 1,024 MiB.</summary>
public sealed class MachineShareTests
{
    private readonly RecordingObserver _observer = new();
    private readonly Runs _runs = new();
    private readonly MachineShare _share;

    public MachineShareTests() => _share = new MachineShare(
        _observer,
        observer =>
        {
            _runs.Observer = observer;
            return _runs;
        },
        new ResourceAmounts(4_000, 1_024),
        NullLogger<MachineShare>.Instance);

    [Fact]
    public async Task Attempts_wait_in_the_order_of_placement_without_overtaking()
    {
        var first = Start(2_000);
        var second = Start(2_000);
        var wide = Start(2_000);
        var small = Start(250);
        _runs.Started.Should().Equal(first, second);
        _share.Waiting.Should().Be(2);

        await _runs.EndAsync(second);

        _runs.Started.Should().Equal(first, second, wide);
        await _runs.EndAsync(first);
        _runs.Started.Should().Equal(first, second, wide, small);
        _share.Waiting.Should().Be(0);
    }

    [Fact]
    public void Attempt_larger_than_the_machine_counts_for_half_of_it_so_that_two_run()
    {
        var first = Start(64_000, 1_000_000);
        var second = Start(64_000, 1_000_000);
        Start(64_000, 1_000_000);

        _runs.Started.Should().Equal(first, second);
    }

    [Fact]
    public void Memory_is_limited_as_well()
    {
        var first = Start(250, 512);
        var second = Start(250, 512);
        Start(250, 1);

        _runs.Started.Should().Equal(first, second);
    }

    [Fact]
    public async Task Nodes_of_a_job_get_the_machine_together()
    {
        var nodes = Enumerable.Range(0, 3).Select(index => Node("job", index, needs: 6_000)).ToList();
        _share.Start(nodes[0]);
        var other = Start(2_000);
        var waiting = Start(2_000);

        _share.Start(nodes[1]);
        _share.Start(nodes[2]);

        _runs.Started.Should().Equal(nodes[0].Key, other, nodes[1].Key, nodes[2].Key);
        await _runs.EndAsync(nodes[0].Key);
        await _runs.EndAsync(nodes[2].Key);
        _runs.Started.Should().NotContain(waiting, "a node still runs");
        await _runs.EndAsync(nodes[1].Key);
        _runs.Started.Should().Contain(waiting);
    }

    [Fact]
    public async Task Stop_ends_a_waiting_attempt_and_lets_the_next_one_start()
    {
        var first = Start(2_000);
        var second = Start(1_500);
        var wide = Start(2_000);
        var small = Start(250);

        _share.Stop(wide);

        var end = await _observer.ExitedAsync(wide);
        end.Should().BeOfType<AttemptExited>().Which.Containers.Should().ContainSingle().Which.ExitCode.Should().BeNull();
        _runs.Started.Should().Equal(first, second, small);
        _runs.Stopped.Should().BeEmpty();
        _share.Stop(first);
        _runs.Stopped.Should().Equal(first);
    }

    [Fact]
    public async Task Attempts_taken_over_hold_their_room_while_others_wait()
    {
        var running = LaunchOf(4_000);
        var starting = LaunchOf(2_000);
        var behind = LaunchOf(2_000);
        _runs.Recovered = [running.Key];

        var recovered = await _share.RecoverAsync(
            [new(running, DateTimeOffset.UnixEpoch), new(starting, null), new(behind, null)], CancellationToken.None);
        _share.Start(starting);
        _share.Start(behind);

        recovered.Should().Equal(running.Key);
        _runs.Started.Should().Equal(starting.Key);
        await _runs.EndAsync(running.Key);
        _runs.Started.Should().Equal(starting.Key, behind.Key);
    }

    [Fact]
    public void Wait_is_logged_once()
    {
        var log = new CountingLogger();
        var share = new MachineShare(_observer, _ => new Runs(), new ResourceAmounts(1_000, 1_024), log);

        for (var i = 0; i < 5; i++)
        {
            share.Start(LaunchOf(1_000));
        }

        log.Messages.Should().ContainSingle().Which.Should().Contain("--host-vcpus");
    }

    private AttemptKey Start(long milliVcpus, long memory = 0)
    {
        var launch = LaunchOf(milliVcpus, memory);
        _share.Start(launch);
        return launch.Key;
    }

    private static AttemptLaunch LaunchOf(long milliVcpus, long memory = 0) =>
        Launch.Of(Launch.Container("busybox")) with { Needs = new ResourceAmounts(milliVcpus, memory) };

    private static AttemptLaunch Node(string job, int index, long needs) => LaunchOf(needs) with
    {
        Key = new AttemptKey($"{job}#{index}", 1),
        Network = new AttemptKey(job, 1),
        Index = index,
    };

    /// <summary>An executor whose attempts end on the test's command.</summary>
    private sealed class Runs : IJobExecutor
    {
        public IAttemptObserver Observer { get; set; } = null!;

        public List<AttemptKey> Started { get; } = [];

        public List<AttemptKey> Stopped { get; } = [];

        public HashSet<AttemptKey> Recovered { get; set; } = [];

        public string Name => "test";

        public void Start(AttemptLaunch launch) => Started.Add(launch.Key);

        public void Stop(AttemptKey key) => Stopped.Add(key);

        public Task<IReadOnlySet<AttemptKey>> RecoverAsync(
            IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<AttemptKey>>(Recovered);

        public async Task EndAsync(AttemptKey key) => await Observer.ExitedAsync(key, new AttemptExited([new(Launch.OnlyContainer, 0)]));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CountingLogger : ILogger<MachineShare>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));
    }
}
