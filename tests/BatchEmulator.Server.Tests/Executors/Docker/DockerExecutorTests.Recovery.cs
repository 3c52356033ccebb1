namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Attempts that are taken over, and containers that an earlier server left behind.</summary>
public sealed partial class DockerExecutorTests
{
    [Fact]
    public async Task Attempt_that_was_taken_over_reports_only_new_lines()
    {
        var launch = Run("echo 1; echo 2; until [ -e /tmp/go ]; do sleep 0.05; done; echo 3; exit 9");
        launch = launch.With(container => container with
        {
            Properties = SignalMounted,
        });
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "2");
        _linesStored[launch.Key] = 1;
        await RestartAsync();

        var taken = await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(Signal, "go"), "");

        taken.Should().Equal(launch.Key);
        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(9);
        Observer.Lines(launch.Key).Should().Equal("2", "3");
    }

    [Fact]
    public async Task Attempt_that_ended_while_no_server_ran_is_reported()
    {
        var launch = Run("echo said; until [ -e /tmp/go ]; do sleep 0.05; done; exit 4").With(container => container with
        {
            Properties = SignalMounted,
        });
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "said");
        var id = (await ContainersAsync()).Single().ID;
        await RestartAsync();
        await File.WriteAllTextAsync(Path.Combine(Signal, "go"), "");
        await _engine!.WaitAsync(id, CancellationToken.None);

        await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(4);
        Observer[launch.Key].Starts.Should().Be(1);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Containers_of_unknown_attempts_are_removed()
    {
        var unknown = Run("sleep 600");
        Executor.Start(unknown);
        await Observer.StartedAsync(unknown.Key);
        await RestartAsync();

        var taken = await Executor.RecoverAsync([], CancellationToken.None);

        taken.Should().BeEmpty();
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Created_container_is_kept_for_the_start_of_its_attempt()
    {
        var launch = Run("echo $HOSTNAME");
        await MakeAsync(launch, launch.Containers[0]);
        var id = (await ContainersAsync()).Single().ID;
        await RestartAsync();

        var taken = await Executor.RecoverAsync([new(launch, StartedAt: null)], CancellationToken.None);
        Executor.Start(launch);

        taken.Should().BeEmpty();
        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
        Observer.Lines(launch.Key).Should().Equal(id[..12]);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Container_that_an_earlier_server_starts_after_the_recovery_runs_once()
    {
        var launch = Run("echo ran; exit 3");
        await MakeAsync(launch, launch.Containers[0]);
        var id = (await ContainersAsync()).Single().ID;
        await RestartAsync();
        await Executor.RecoverAsync([new(launch, StartedAt: null)], CancellationToken.None);
        await _engine!.StartAsync(id, CancellationToken.None);
        await _engine.WaitAsync(id, CancellationToken.None);

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(3);
        Observer.Lines(launch.Key).Should().Equal("ran");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Created_container_of_an_attempt_that_is_stopped_before_its_start_is_removed()
    {
        var launch = Run("echo ran");
        await MakeAsync(launch, launch.Containers[0]);
        await RestartAsync();
        await Executor.RecoverAsync([new(launch, StartedAt: null)], CancellationToken.None);

        Executor.Start(launch);
        Executor.Stop(launch.Key);

        await Observer.ExitedAsync(launch.Key);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Container_that_exists_already_is_adopted()
    {
        var launch = Run("echo ran");
        await MakeAsync(launch, launch.Containers[0]);

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
        Observer.Lines(launch.Key).Should().Equal("ran");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Running_containers_survive_an_ordinary_end_and_not_an_ephemeral_one()
    {
        var launch = Run("echo ready; sleep 600");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");
        await Executor.DisposeAsync();
        (await ContainersAsync()).Should().ContainSingle().Which.State.Should().Be("running");

        _ephemeral = true;
        await RestartAsync();
        await Executor.DisposeAsync();

        (await LeftBehindAsync()).Should().BeEmpty();
        Observer[launch.Key].Ends.Should().Be(0);
    }
}
