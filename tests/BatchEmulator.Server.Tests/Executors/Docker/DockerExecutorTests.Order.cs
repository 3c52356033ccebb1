using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Effects of the order of containers on networks, volumes and attempts that are taken over.</summary>
public sealed partial class DockerExecutorTests
{
    private const string UntilGo = "until [ -e /tmp/go ]; do sleep 0.05; done; ";

    [Fact]
    public async Task Container_that_waits_for_a_start_reaches_the_other_at_localhost()
    {
        var launch = Launch.Of(
            Main("until nc 127.0.0.1 8000; do sleep 0.05; done", AfterStartOf("server"), AfterSuccessOf("prepare")),
            Beside("server", "while true; do echo hello | nc -l -p 8000; done"),
            Beside("prepare", "true")) with
        { HasAddress = true };

        Executor.Start(launch);

        (await EndsAsync(launch))[0].Should().Be(new ContainerEnd("main", 0));
        Observer.Lines(launch.Key).Should().Equal("hello");
        Observer[launch.Key].PrivateAddress.Should().NotBeNull();
    }

    [Fact]
    public async Task Container_whose_network_ended_before_its_start_is_created_again()
    {
        var launch = Launch.Of(Main("echo main", AfterStartOf("other")), Beside("other", "exit 3"));
        var other = await MakeAsync(launch, launch.Containers[1]);
        await _engine!.StartAsync(other, CancellationToken.None);
        await EndedAsync(other);
        await MakeAsync(launch, launch.Containers[0], networkOf: other);

        Executor.Start(launch);

        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 0), new ContainerEnd("other", 3));
        Observer.Lines(launch.Key).Should().Equal("main");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Containers_share_a_volume_of_the_attempt_also_one_after_the_other()
    {
        var volume = new Wire.ContainerProperties
        {
            Volumes = [new() { Name = "shared" }],
            MountPoints = [new() { SourceVolume = "shared", ContainerPath = "/shared" }],
        };
        var readOnly = volume with { MountPoints = [new() { SourceVolume = "shared", ContainerPath = "/given", ReadOnly = true }] };
        var launch = Launch.Of(
            Main(
                "cat /given/file; (echo x > /given/other) 2>/dev/null || echo read-only; until [ -e /given/late ]; do sleep 0.05; done",
                AfterSuccessOf("prepare"))
                with
            { Properties = readOnly },
            Beside("prepare", "echo prepared > /shared/file") with { Properties = volume },
            Beside("writer", "until [ -e /shared/file ]; do sleep 0.05; done; echo x > /shared/late") with { Properties = volume });

        Executor.Start(launch);

        (await EndsAsync(launch)).Take(2).Should().Equal(new ContainerEnd("main", 0), new ContainerEnd("prepare", 0));
        Observer.Lines(launch.Key).Should().Equal("prepared", "read-only");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Sequence_continues_after_a_restart()
    {
        var launch = await InTheMiddleAsync(UntilGo + "exit 3");

        await RestartAsync();
        var taken = await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);
        await GoAsync();

        taken.Should().Equal(launch.Key);
        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 7), new ContainerEnd("first", 3), new ContainerEnd("second", 0));
        Observer.Lines(launch.Key).Should().Equal("first", "second", "main");
        Observer[launch.Key].Starts.Should().Be(1);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Sequence_continues_with_the_containers_of_a_dead_server()
    {
        var launch = await InTheMiddleAsync(UntilGo);
        var first = (await ContainersAsync()).Single().ID;
        await RestartAsync();
        await GoAsync();
        await EndedAsync(first);
        await MakeAsync(launch, launch.Containers[2], networkOf: first);

        await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 7), new ContainerEnd("first", 0), new ContainerEnd("second", 0));
        Observer.Lines(launch.Key).Should().Equal("first", "second", "main");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Stop_after_a_restart_removes_the_containers_of_a_dead_server()
    {
        var launch = await InTheMiddleAsync("trap 'exit 143' TERM; " + UntilGo);
        await MakeAsync(launch, launch.Containers[2]);
        await RestartAsync();
        await Executor.RecoverAsync([new(launch, null)], CancellationToken.None);

        Executor.Stop(launch.Key);

        (await EndsAsync(launch)).Should()
            .Equal(new ContainerEnd("main", ExitCode: null), new ContainerEnd("first", 143), new ContainerEnd("second", ExitCode: null));
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Attempt_that_lost_a_container_which_others_followed_is_not_taken_over()
    {
        var launch = Launch.Of(Main("echo main; sleep 600", AfterEndOf("other")), Beside("other", "true"));
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "main");
        await RestartAsync();
        await _engine!.RemoveAsync(DockerNames.ContainerName(_instance, launch.Key, "other"), CancellationToken.None);

        var taken = await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        taken.Should().BeEmpty();
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    /// <summary>An attempt of three containers, one after the other, of which the first runs.</summary>
    private async Task<AttemptLaunch> InTheMiddleAsync(string first)
    {
        var launch = Launch.Of(
            Main("echo main; exit 7", AfterSuccessOf("second")),
            Beside("first", "echo first; " + first) with { Properties = SignalMounted },
            Beside("second", "echo second", AfterEndOf("first")));
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "first");
        return launch;
    }

    private Task GoAsync() => File.WriteAllTextAsync(Path.Combine(Signal, "go"), "");

    private Task<string> MakeAsync(AttemptLaunch launch, ContainerLaunch container, string? networkOf = null) => _engine!.CreateAsync(
        ContainerRequest.Of(_instance, launch, container, networkOf), CancellationToken.None);

    private Task EndedAsync(string id) => _engine!.WaitAsync(id, CancellationToken.None);
}
