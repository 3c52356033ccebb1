using System.Globalization;
using System.Text;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Hosting.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Simulated;

public sealed class SimulatedExecutorTests : JobExecutorConformance
{
    private readonly SteppedClock clock = new();
    private readonly OutcomeRules rules = new();

    protected override bool RunsCommands => false;

    protected override bool TakesUpAgain => true;

    [Fact]
    public async Task Attempt_runs_for_the_specified_time()
    {
        var launch = With(("SIMULATE_RUN_FOR", "90"));
        Executor.Start(launch);
        await Observer.StartedAsync(launch.Key);
        var other = With();
        clock.Advance(TimeSpan.FromSeconds(89.999));
        Executor.Start(other);
        await Observer.ExitedAsync(other.Key);
        Observer[launch.Key].Ends.Should().Be(0);

        clock.Advance(TimeSpan.FromMilliseconds(1));

        await Observer.ExitedAsync(launch.Key);
    }

    [Fact]
    public async Task Attempts_end_in_the_order_of_their_due_times()
    {
        var slow = With(("SIMULATE_RUN_FOR", "20"));
        var quick = With(("SIMULATE_RUN_FOR", "10"));
        Executor.Start(slow);
        Executor.Start(quick);
        await Observer.StartedAsync(slow.Key);
        await Observer.StartedAsync(quick.Key);

        clock.Advance(TimeSpan.FromSeconds(10));

        await Observer.ExitedAsync(quick.Key);
        Observer[slow.Key].Ends.Should().Be(0);
        clock.Advance(TimeSpan.FromDays(365));
        await Observer.ExitedAsync(slow.Key);
    }

    [Fact]
    public async Task Reason_is_reported()
    {
        var launch = With(("SIMULATE_EXIT_CODE", "137"), ("SIMULATE_REASON", "OutOfMemoryError: Container killed due to memory usage"));

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).Should()
            .Be(new ContainerEnd("default", 137, "OutOfMemoryError: Container killed due to memory usage"));
    }

    [Fact]
    public async Task Attempt_taken_over_runs_for_the_rest_of_its_time_and_writes_nothing_twice()
    {
        var launch = With(("SIMULATE_RUN_FOR", "1h"), ("SIMULATE_OUTPUT", "said before"));
        await Executor.RecoverAsync([new(launch, clock.GetUtcNow() - TimeSpan.FromMinutes(59))], CancellationToken.None);
        await Observer.StartedAsync(launch.Key);

        clock.Advance(TimeSpan.FromMinutes(1));

        await Observer.ExitedAsync(launch.Key);

        Observer.Lines(launch.Key).Should().BeEmpty();
    }

    [Theory]
    [InlineData("SIMULATE_RUN_FOR", "soon")]
    [InlineData("SIMULATE_EXIT_CODE", "256")]
    [InlineData("SIMULATE_HOLD", "PENDING")]
    [InlineData("SIMULATE_HOST_LOST", "maybe")]
    [InlineData("SIMULATE_FAIL_FIRST_ATTEMPTS", "11")]
    [InlineData("SIMULATE_START_AFTER", "later")]
    public async Task Bad_value_keeps_the_attempt_from_starting(string name, string value)
    {
        var launch = With((name, value));

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Reason.Should().Contain(name).And.Contain($"'{value}'");
    }

    [Fact]
    public async Task Variables_override_the_first_rule_that_matches()
    {
        Rules("""[{"match":{"jobName":"other"},"exitCode":7},{"match":{"jobName":"j*b","attempt":1},"exitCode":3,"reason":"of the rule"},{"exitCode":9}]""");
        var ruled = With();
        var both = With(("SIMULATE_EXIT_CODE", "4"));
        var second = ruled with { Key = ruled.Key with { Attempt = 2 } };

        Executor.Start(ruled);
        Executor.Start(both);
        Executor.Start(second);

        (await Observer.ContainerEndAsync(ruled.Key)).Should().Be(new ContainerEnd("default", 3, "of the rule"));
        (await Observer.ContainerEndAsync(both.Key)).Should().Be(new ContainerEnd("default", 4, "of the rule"));
        (await Observer.ContainerEndAsync(second.Key)).Should().Be(new ContainerEnd("default", 9));
    }

    [Theory]
    [InlineData("""{"jobDefinition":"definition"}""", true)]
    [InlineData("""{"jobDefinition":"definition:1"}""", true)]
    [InlineData("""{"jobDefinition":"def*"}""", true)]
    [InlineData("""{"jobDefinition":"definition:2"}""", false)]
    [InlineData("""{"jobQueue":"queue","jobName":"job"}""", true)]
    [InlineData("""{"jobQueue":"queue","jobName":"Job"}""", false)]
    [InlineData("""{"arrayIndex":0}""", false)]
    [InlineData("{}", true)]
    public void Rule_matches_if_all_its_members_match(string match, bool expected)
    {
        Rules($$"""[{"match":{{match}},"exitCode":1}]""");

        rules.OutcomeOf(With()).ExitCode.Should().Be(expected ? 1 : 0);
    }

    [Fact]
    public async Task First_attempts_fail_and_later_ones_succeed()
    {
        Rules("""[{"failFirstAttempts":2,"reason":"not yet"}]""");
        var first = With();

        foreach (var attempt in new[] { 1, 2, 3 })
        {
            Executor.Start(first with { Key = first.Key with { Attempt = attempt } });
        }

        (await Observer.ContainerEndAsync(first.Key)).Should().Be(new ContainerEnd("default", 1, "not yet"));
        (await Observer.ContainerEndAsync(first.Key with { Attempt = 2 })).Should().Be(new ContainerEnd("default", 1, "not yet"));
        (await Observer.ContainerEndAsync(first.Key with { Attempt = 3 })).Should().Be(new ContainerEnd("default", 0));
    }

    [Fact]
    public async Task Attempt_is_starting_for_the_specified_time()
    {
        var slow = With(("SIMULATE_START_AFTER", "30"), ("SIMULATE_RUN_FOR", "10"));
        var other = With();
        Executor.Start(slow);
        Executor.Start(other);
        await Observer.ExitedAsync(other.Key);
        Observer[slow.Key].Starts.Should().Be(0);

        clock.Advance(TimeSpan.FromSeconds(30));
        await Observer.StartedAsync(slow.Key);
        Observer[slow.Key].Ends.Should().Be(0);
        clock.Advance(TimeSpan.FromSeconds(10));

        await Observer.ExitedAsync(slow.Key);
    }

    [Fact]
    public async Task Attempt_that_fails_to_start_has_a_reason()
    {
        var launch = With(("SIMULATE_FAIL_TO_START", "CannotPullContainerError: no such image"));

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Should().Be(new AttemptNotStarted("CannotPullContainerError: no such image"));
    }

    [Fact]
    public async Task Attempt_can_lose_its_host()
    {
        var launch = With(("SIMULATE_HOST_LOST", "true"));

        Executor.Start(launch);

        (await Observer.ExitedAsync(launch.Key)).Should().Be(new AttemptHostLost());
        Observer[launch.Key].Starts.Should().Be(1);
    }

    [Fact]
    public async Task Held_attempts_continue_when_new_rules_release_them()
    {
        Rules("""[{"match":{"jobName":"job"},"hold":"STARTING"},{"hold":"RUNNING"}]""");
        var starting = With();
        var running = With() with { JobName = "another" };
        Executor.Start(starting);
        Executor.Start(running);
        await Observer.StartedAsync(running.Key);
        clock.Advance(TimeSpan.FromDays(1));
        var later = With() with { JobName = "later" };
        Executor.Start(later);
        await Observer.StartedAsync(later.Key);
        (Observer[starting.Key].Starts, Observer[running.Key].Ends).Should().Be((0, 0));

        Rules("""{"rules":[{"match":{"jobName":"another"},"exitCode":5}]}""");

        (await Observer.ContainerEndAsync(starting.Key)).ExitCode.Should().Be(0);
        (await Observer.ContainerEndAsync(running.Key)).ExitCode.Should().Be(5);
    }

    [Theory]
    [InlineData("STARTING")]
    [InlineData("RUNNING")]
    public async Task Held_attempt_can_be_stopped(string state)
    {
        var launch = With(("SIMULATE_HOLD", state));
        Executor.Start(launch);
        if (state == "RUNNING")
        {
            await Observer.StartedAsync(launch.Key);
        }

        Executor.Stop(launch.Key);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(state == "RUNNING" ? 143 : null);
    }

    [Fact]
    public async Task Container_that_others_wait_for_succeeds_first()
    {
        var launch = Launch.Of(
            Launch.Container("any") with { Name = "prepare", Essential = false },
            Launch.Container("any") with
            {
                Name = "main",
                DependsOn = [new("prepare", ContainerCondition.Success), new("beside", ContainerCondition.Start)],
                Environment = [new("SIMULATE_EXIT_CODE", "3")],
            },
            Launch.Container("any") with { Name = "beside", Essential = false });

        Executor.Start(launch);

        (await Observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptExited>().Which.Containers.Should()
            .Equal(new ContainerEnd("prepare", 0), new ContainerEnd("main", 3), new ContainerEnd("beside", 3));
    }

    [Fact]
    public async Task Hundred_thousand_attempts_are_cheap()
    {
        var template = With(("SIMULATE_RUN_FOR", "60"));
        var launches = Enumerable.Range(0, 100_000)
            .Select(index => template with { Key = new AttemptKey("many:" + index.ToString(CultureInfo.InvariantCulture), 1) }).ToList();
        launches.ForEach(Executor.Start);
        await Observer.StartedAsync(launches[^1].Key);

        clock.Advance(TimeSpan.FromSeconds(60));

        foreach (var launch in launches)
        {
            await Observer.ExitedAsync(launch.Key);
        }
    }

    [Theory]
    [InlineData("90", 90_000)]
    [InlineData("1.5", 1_500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("200ms", 200)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("PT1M30S", 90_000)]
    [InlineData("0", 0)]
    public void Durations_are_read(string text, double milliseconds) =>
        DurationText.Parse(text).Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("-PT1S")]
    [InlineData("1d")]
    [InlineData("1e400")]
    [InlineData("99999999999999999999")]
    [InlineData("NaN")]
    public void Other_texts_are_no_durations(string text) => DurationText.Parse(text).Should().BeNull();

    [Fact]
    public async Task Attempt_that_breaks_ends_and_the_others_continue()
    {
        var broken = With();
        var other = With(("SIMULATE_RUN_FOR", "10"));
        var observer = new BreakingObserver(Observer, broken.Key);
        await using var executor = new SimulatedExecutor(observer, rules, clock, NullLogger<SimulatedExecutor>.Instance);

        executor.Start(broken);
        executor.Start(other);

        (await Observer.ExitedAsync(broken.Key)).Should().Be(new AttemptHostLost());
        await Observer.StartedAsync(other.Key);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Observer.ExitedAsync(other.Key);
        (await executor.CheckAsync(CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Broken_executor_reports_a_problem()
    {
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var launch = With();
        var observer = new BreakingObserver(Observer, launch.Key) { BreaksAtEnds = true };
        await using var executor = new SimulatedExecutor(observer, rules, clock, NullLogger<SimulatedExecutor>.Instance, told.SetResult);

        executor.Start(launch);

        (await told.Task.WaitAsync(TestServer.Patience)).Should().BeOfType<InvalidOperationException>();
        (await executor.StepAsync(maximumSteps: 1)).Should().Be(0, "no caller waits for ever");
    }

    protected override IJobExecutor Create(IAttemptObserver observer) =>
        new SimulatedExecutor(observer, rules, clock, NullLogger<SimulatedExecutor>.Instance);

    protected override AttemptLaunch Run(string script, int exitCode = 0, string output = "", bool forever = false)
    {
        var variables = new List<(string, string)> { ("SIMULATE_EXIT_CODE", exitCode.ToString(CultureInfo.InvariantCulture)) };
        if (output.Length > 0)
        {
            variables.Add(("SIMULATE_OUTPUT", output));
        }

        if (forever)
        {
            variables.Add(("SIMULATE_RUN_FOR", "100000000h"));
        }

        return With([.. variables]);
    }

    protected override AttemptLaunch RunNothing() => With(("SIMULATE_FAIL_TO_START", "CannotPullContainerError: none"));

    protected override Task<IReadOnlyList<string>> LeftBehindAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    private void Rules(string json) => rules.Replace(Encoding.UTF8.GetBytes(json));

    private static AttemptLaunch With(params (string Name, string Value)[] variables) => Launch.Of(Launch.Container("any") with
    {
        Environment = [.. variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
    });
}
