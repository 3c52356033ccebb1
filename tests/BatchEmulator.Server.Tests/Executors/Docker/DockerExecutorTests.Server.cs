using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Exchanges between the server and its containers, and the server's knowledge of its engine.</summary>
public sealed partial class DockerExecutorTests
{
    /// <summary>Variables that the engine and the C library of the image set by themselves.</summary>
    private static readonly string[] OfTheEngine = ["PATH", "HOSTNAME", "HOME"];

    [Fact]
    [Trait("Section", "8")]
    public async Task Nothing_of_the_servers_environment_reaches_a_container()
    {
        var marker = "BATCH_EMULATOR_TEST_" + _instance;
        Environment.SetEnvironmentVariable(marker, "secret");
        var launch = Launch.Of(Launch.Container(_image, "env") with { Environment = [new("GREETING", "hello")] });
        try
        {
            Executor.Start(launch);
            await Observer.ExitedAsync(launch.Key);
        }
        finally
        {
            Environment.SetEnvironmentVariable(marker, null);
        }

        var names = Observer.Lines(launch.Key).Select(line => line.Split('=')[0]);
        names.Except(OfTheEngine).Should().BeEquivalentTo("AWS_BATCH_JOB_ID", "GREETING");
        Observer.Lines(launch.Key).Should().NotContain(line => line.Contains("secret"));
    }

    [Fact]
    public async Task Lost_engine_is_reported_as_a_problem_until_it_is_back()
    {
        await using var connection = new CuttableEngine(_engine!.Address);
        await using var executor = ExecutorOn(connection.Address);
        (await executor.CheckAsync(CancellationToken.None)).Should().BeNull();

        connection.Cut();
        (await executor.CheckAsync(CancellationToken.None)).Should().StartWith("Cannot connect to the Docker daemon at ");

        connection.Join();
        (await executor.CheckAsync(CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Attempt_outlives_an_engine_that_goes_away_for_a_moment()
    {
        await using var connection = new CuttableEngine(_engine!.Address);
        await using var executor = ExecutorOn(connection.Address, pauses: 100);
        var launch = Run("echo 1; until [ -e /tmp/go ]; do sleep 0.05; done; echo 2; exit 3")
            .With(container => container with { Properties = SignalMounted });
        executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "1");

        connection.Cut();
        await File.WriteAllTextAsync(Path.Combine(Signal, "go"), "");
        connection.Join();

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(3);
        Observer.Lines(launch.Key).Should().Equal("1", "2");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "the engine is lost")]
    public async Task Engine_that_stays_away_counts_as_a_lost_host()
    {
        await using var connection = new CuttableEngine(_engine!.Address);
        await using var executor = ExecutorOn(connection.Address, pauses: 3);
        var launch = Run("echo 1; sleep 600");
        executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "1");

        connection.Cut();

        (await Observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptHostLost>();
        Observer.Lines(launch.Key).Should().Equal("1");
    }

    [Fact]
    [Trait("Section", "7.4")]
    public async Task Address_of_a_running_container_comes_from_the_engine()
    {
        var launch = Run("sleep 600") with { HasAddress = true };

        Executor.Start(launch);

        await Observer.StartedAsync(launch.Key);
        var id = (await ContainersAsync()).Single().ID;
        var inspected = await _engine!.InspectAsync(id, CancellationToken.None);
        Observer[launch.Key].PrivateAddress.Should().Be(inspected.NetworkSettings!.Networks!.Values.Single().IPAddress);
        Executor.Stop(launch.Key);
        await Observer.ExitedAsync(launch.Key);
    }
}
