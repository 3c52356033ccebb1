using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Order in which the containers of an attempt start.</summary>
public abstract partial class JobExecutorConformance
{
    private const string Forever = "trap 'exit 143' TERM; while true; do sleep 0.05; done";

    [Fact]
    public async Task Container_that_waits_for_a_start_runs_beside_the_other()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("echo main; " + Forever, AfterStartOf("other")), Beside("other", "echo other; " + Forever));
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "other");
        await Observer.WroteAsync(launch.Key, "main");

        Executor.Stop(launch.Key);

        (await EndsAsync(launch)).Should().OnlyContain(end => end.ExitCode == 143 || end.ExitCode == 137);
    }

    [Fact]
    public async Task Container_that_waits_for_a_start_that_fails_never_runs()
    {
        NeedsCommands();
        var other = Beside("other", "") with { Command = ["no-such-command"] };
        var launch = Launch.Of(Main("echo main", AfterStartOf("other")), other);

        Executor.Start(launch);

        var end = await Observer.NotStartedAsync(launch.Key);
        end.ExitCode.Should().Be(127);
        end.Containers.Should().Equal(new ContainerEnd("main", ExitCode: null), new ContainerEnd("other", 127, end.Reason));
        Observer[launch.Key].Starts.Should().Be(0);
    }

    [Fact]
    public async Task Container_that_ended_before_the_failure_of_another_keeps_its_result()
    {
        NeedsCommands();
        var launch = Launch.Of(
            Main("") with { Command = ["no-such-command"], DependsOn = [AfterEndOf("other")] }, Beside("other", "exit 3"));

        Executor.Start(launch);

        var end = await Observer.NotStartedAsync(launch.Key);
        end.Containers.Should().Equal(new ContainerEnd("main", 127, end.Reason), new ContainerEnd("other", 3));
        Observer[launch.Key].Starts.Should().Be(0);
    }

    [Fact]
    public async Task Start_condition_holds_for_a_container_that_ended_at_once()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("echo main", AfterStartOf("other")), Beside("other", "exit 3"));

        Executor.Start(launch);

        (await EndsAsync(launch))[0].Should().Be(new ContainerEnd("main", 0));
        Observer.Lines(launch.Key).Should().Equal("main");
    }

    [Fact]
    public async Task Container_that_waits_for_an_end_starts_after_any_end()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("echo main", AfterEndOf("other")), Beside("other", "echo other; sleep 0.3; echo done; exit 3"));

        Executor.Start(launch);

        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 0), new ContainerEnd("other", 3));
        Observer.Lines(launch.Key).Should().Equal("other", "done", "main");
        Observer[launch.Key].Starts.Should().Be(1);
    }

    [Fact]
    public async Task Container_that_waits_for_a_success_starts_after_it()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("echo main; exit 5", AfterSuccessOf("other")), Beside("other", "echo other; sleep 0.3; echo done"));

        Executor.Start(launch);

        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 5), new ContainerEnd("other", 0));
        Observer.Lines(launch.Key).Should().Equal("other", "done", "main");
    }

    [Fact]
    public async Task Failure_of_a_required_success_ends_the_attempt()
    {
        NeedsCommands();
        var launch = Launch.Of(
            Main("echo main", AfterSuccessOf("other")), Beside("other", "echo other; exit 3"), Beside("third", Forever));

        Executor.Start(launch);

        var ends = await EndsAsync(launch);
        ends.Take(2).Should().Equal(new ContainerEnd("main", ExitCode: null), new ContainerEnd("other", 3));
        ends[2].ExitCode.Should().BeOneOf(137, 143);
        Observer[launch.Key].Starts.Should().Be(0);
        Observer.Lines(launch.Key).Should().NotContain("main");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Stop_ends_the_attempt_while_a_container_waits()
    {
        NeedsCommands();
        var launch = Launch.Of(
            Main("echo main", AfterEndOf("other")), Beside("other", "trap 'exit 0' TERM; echo other; while true; do sleep 0.05; done"));
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "other");

        Executor.Stop(launch.Key);

        // The other one ends because of the stop, so nothing starts after it.
        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", ExitCode: null), new ContainerEnd("other", 0));
        Observer.Lines(launch.Key).Should().NotContain("main");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task End_of_an_essential_container_ends_the_attempt_while_another_waits()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("exit 4"), Beside("other", Forever), Beside("late", "echo late", AfterEndOf("other")));

        Executor.Start(launch);

        var ends = await EndsAsync(launch);
        ends[0].Should().Be(new ContainerEnd("main", 4));
        ends[1].ExitCode.Should().NotBe(0);
        ends[2].Should().Be(new ContainerEnd("late", ExitCode: null));
        Observer.Lines(launch.Key).Should().NotContain("late");
        Observer[launch.Key].Starts.Should().Be(1);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.1", Evidence.Doc, "containers that others wait for run while the job is STARTING")]
    public async Task Chain_of_three_runs_one_after_the_other()
    {
        NeedsCommands();
        var launch = Launch.Of(
            Main("echo 3", AfterSuccessOf("second")),
            Beside("second", "echo 2; sleep 0.1; echo done", AfterEndOf("first")),
            Beside("first", "echo 1; sleep 0.1; echo done; exit 1"));

        Executor.Start(launch);

        (await EndsAsync(launch)).Should().Equal(new ContainerEnd("main", 0), new ContainerEnd("second", 0), new ContainerEnd("first", 1));
        Observer.Lines(launch.Key).Should().Equal("1", "done", "2", "done", "3");
        Observer[launch.Key].Starts.Should().Be(1);
        Observer[launch.Key].LinesBeforeStart.Should().Be(4, "an attempt has started when its essential container has");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Starting_twice_is_one_run_in_the_middle_of_a_sequence()
    {
        NeedsCommands();
        var launch = Launch.Of(Main("echo main; " + Forever, AfterEndOf("other")), Beside("other", "echo other"));

        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "other");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "main");
        Executor.Start(launch);
        Executor.Stop(launch.Key);

        await Observer.ExitedAsync(launch.Key);
        // A shell may add that the stop reached its child.
        Observer.Lines(launch.Key).Take(2).Should().Equal(["other", "main"]);
        Observer.Lines(launch.Key).Should().OnlyHaveUniqueItems();
    }

    /// <summary>Creates an essential container that runs a script, named <c>main</c>.</summary>
    protected ContainerLaunch Main(string script, params ContainerDependency[] dependsOn) =>
        Run(script).Containers[0] with { Name = "main", Environment = [], DependsOn = dependsOn };

    /// <summary>Creates a container that is not essential.</summary>
    protected ContainerLaunch Beside(string name, string script, params ContainerDependency[] dependsOn) =>
        Main(script, dependsOn) with { Name = name, Essential = false };

    /// <summary>Lets a container wait until another has started.</summary>
    protected static ContainerDependency AfterStartOf(string container) => new(container, ContainerCondition.Start);

    /// <summary>Lets a container wait until another has ended.</summary>
    protected static ContainerDependency AfterEndOf(string container) => new(container, ContainerCondition.Complete);

    /// <summary>Lets a container wait until another has succeeded.</summary>
    protected static ContainerDependency AfterSuccessOf(string container) => new(container, ContainerCondition.Success);

    /// <summary>Waits for the end of an attempt whose containers ran, and returns the end of each of them.</summary>
    protected async Task<IReadOnlyList<ContainerEnd>> EndsAsync(AttemptLaunch launch)
    {
        var end = await Observer.ExitedAsync(launch.Key);
        return end.Should().BeOfType<AttemptExited>("it is {0}", end).Subject.Containers;
    }
}
