using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Server.Tests.Executors;

public sealed class ContainerSequenceTests
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, TaskCompletionSource<ContainerEnd>> _ends = [];
    private readonly List<string> _batches = [];
    private readonly SemaphoreSlim _begun = new(0);

    [Fact]
    public async Task Containers_that_only_wait_for_starts_are_one_batch_with_essential_ones_first()
    {
        var run = RunAsync(
            Beside("log"), Essential("main", Start("proxy")), Beside("proxy", Start("net")), Beside("net"), Essential("second"));

        _batches.Should().Equal("second log net proxy main");
        End("main", 0);
        await run;
    }

    [Fact]
    public async Task Each_container_starts_at_the_end_it_waits_for()
    {
        var run = RunAsync(
            Essential("main", Success("b"), Complete("a"), Start("c")), Beside("a"), Beside("b"), Beside("c", Complete("b")));

        End("a", 1);
        End("b", 0);
        await BatchesAsync(2);

        _batches.Should().Equal("a b", "c main");
        End("c", 9);
        run.IsCompleted.Should().BeFalse();
        End("main", 0);
        await run;
    }

    [Fact]
    public async Task Attempt_without_essential_containers_ends_with_the_last()
    {
        var run = RunAsync(Beside("a"), Beside("b", Complete("a")));
        End("a", 1);
        await BatchesAsync(2);

        End("b", 1);

        await run;
        _batches.Should().Equal("a", "b");
    }

    [Fact]
    public async Task Failure_of_a_dependency_in_a_chain_ends_the_attempt()
    {
        var run = RunAsync(Essential("main", Complete("b")), Beside("b", Success("a")), Beside("a"), Beside("idle"));

        End("a", 2);

        await run;
        _batches.Should().Equal("a idle");
    }

    /// <summary>The end arrives while the sequence searches for containers to start, after it has found none.</summary>
    [Fact]
    public async Task Essential_container_that_ends_in_between_is_not_missed()
    {
        var looks = 0;
        var late = Beside("late") with
        {
            DependsOn = new WatchedList([Complete("side")], () =>
            {
                if (_ends.Count == 2 && ++looks == 2)
                {
                    End("main", 0);
                }
            }),
        };

        var run = RunAsync(Essential("main"), Beside("side"), late);

        await run.WaitAsync(TestServer.Patience);
        looks.Should().BeGreaterThanOrEqualTo(2);
        _batches.Should().Equal("main side");
    }

    [Fact]
    public async Task Unknown_end_of_a_container_ends_the_attempt()
    {
        var run = RunAsync(Essential("main", Complete("a")), Beside("a"), Beside("idle"));

        _ends["a"].SetException(new InvalidOperationException("lost"));

        await run;
        _batches.Should().Equal("a idle");
    }

    [Fact]
    public async Task Stop_starts_nothing_more()
    {
        var run = RunAsync(Essential("main", Complete("a")), Beside("a"));

        _stop.SetResult();

        await run;
        _batches.Should().Equal("a");
    }

    [Fact]
    public async Task Containers_that_wait_for_each_other_do_not_block()
    {
        await RunAsync(Essential("main", Start("a")), Beside("a", Complete("main")), Beside("b", Start("unknown")));

        _batches.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "main")]
    [InlineData(false, "a")]
    [InlineData(true, "a", "idle")]
    [InlineData(true, "a", "idle", "b")]
    [InlineData(false, "a", "idle", "main")]
    [InlineData(true, "a", "idle", "b", "main")]
    public void Sequence_is_under_way_when_its_first_containers_ran_and_none_before_its_turn(bool isUnderWay, params string[] haveRun)
    {
        var launch = Launch.Of(Essential("main", Complete("b")), Beside("b", Success("a")), Beside("a"), Beside("idle", Start("a")));

        ContainerSequence.IsUnderWay(launch, haveRun.ToHashSet()).Should().Be(isUnderWay);
    }

    private static ContainerLaunch Essential(string name, params ContainerDependency[] dependsOn) =>
        Launch.Container("any") with { Name = name, DependsOn = dependsOn };

    private static ContainerLaunch Beside(string name, params ContainerDependency[] dependsOn) =>
        Essential(name, dependsOn) with { Essential = false };

    private static ContainerDependency Start(string container) => new(container, ContainerCondition.Start);

    private static ContainerDependency Complete(string container) => new(container, ContainerCondition.Complete);

    private static ContainerDependency Success(string container) => new(container, ContainerCondition.Success);

    private void End(string container, int exitCode) => _ends[container].SetResult(new ContainerEnd(container, exitCode));

    private Task RunAsync(params ContainerLaunch[] containers)
    {
        var sequence = new ContainerSequence(Launch.Of(containers));
        return sequence.RunAsync(StartAsync, _stop.Task);

        Task<bool> StartAsync(IReadOnlyList<ContainerLaunch> ready)
        {
            foreach (var container in ready)
            {
                _ends[container.Name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
                sequence.Add(container, _ends[container.Name].Task);
            }

            _batches.Add(string.Join(' ', ready.Select(container => container.Name)));
            _begun.Release();
            return Task.FromResult(true);
        }
    }

    private async Task BatchesAsync(int count)
    {
        for (var batch = 0; batch < count; batch++)
        {
            (await _begun.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue("{0} batches are expected", count);
        }
    }

    /// <summary>A list that signals when it has been enumerated.</summary>
    private sealed class WatchedList(IReadOnlyList<ContainerDependency> items, Action watch) : IReadOnlyList<ContainerDependency>
    {
        public int Count => items.Count;

        public ContainerDependency this[int index] => items[index];

        public IEnumerator<ContainerDependency> GetEnumerator()
        {
            watch();
            return items.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
