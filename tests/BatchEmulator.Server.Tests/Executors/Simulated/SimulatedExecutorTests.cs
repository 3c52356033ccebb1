using System.Globalization;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Executors.Simulated;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Simulated;

public sealed class SimulatedExecutorTests : JobExecutorConformance
{
    private readonly SteppedClock _clock = new();

    protected override bool RunsCommands => false;

    protected override bool TakesUpAgain => true;

    [Fact]
    public async Task Attempt_runs_for_the_time_it_was_given()
    {
        var launch = With(("SIMULATE_RUN_FOR", "90"));
        Executor.Start(launch);
        await Observer.StartedAsync(launch.Key);
        var other = With();
        _clock.Advance(TimeSpan.FromSeconds(89.999));
        Executor.Start(other);
        await Observer.ExitedAsync(other.Key);
        Observer[launch.Key].Ends.Should().Be(0);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

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

        _clock.Advance(TimeSpan.FromSeconds(10));

        await Observer.ExitedAsync(quick.Key);
        Observer[slow.Key].Ends.Should().Be(0);
        _clock.Advance(TimeSpan.FromDays(365));
        await Observer.ExitedAsync(slow.Key);
    }

    [Fact]
    public async Task Reason_is_told()
    {
        var launch = With(("SIMULATE_EXIT_CODE", "137"), ("SIMULATE_REASON", "OutOfMemoryError: Container killed due to memory usage"));

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).Should()
            .Be(new ContainerEnd("default", 137, "OutOfMemoryError: Container killed due to memory usage"));
    }

    [Fact]
    public async Task Taken_up_attempt_runs_only_for_what_is_left_and_writes_nothing_twice()
    {
        var launch = With(("SIMULATE_RUN_FOR", "1h"), ("SIMULATE_OUTPUT", "said before"));
        await Executor.RecoverAsync([new(launch, _clock.GetUtcNow() - TimeSpan.FromMinutes(59))], CancellationToken.None);
        await Observer.StartedAsync(launch.Key);

        _clock.Advance(TimeSpan.FromMinutes(1));

        await Observer.ExitedAsync(launch.Key);

        Observer.Lines(launch.Key).Should().BeEmpty();
    }

    [Theory]
    [InlineData("SIMULATE_RUN_FOR", "soon")]
    [InlineData("SIMULATE_EXIT_CODE", "256")]
    public async Task Bad_value_keeps_the_attempt_from_starting(string name, string value)
    {
        var launch = With((name, value));

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Reason.Should().Contain(name).And.Contain($"'{value}'");
    }

    [Fact]
    public async Task Container_that_the_others_wait_for_ends_first_and_well()
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

        _clock.Advance(TimeSpan.FromSeconds(60));

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
        SimulatedOutcome.ParseDuration(text).Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("-PT1S")]
    [InlineData("1d")]
    [InlineData("1e400")]
    [InlineData("99999999999999999999")]
    [InlineData("NaN")]
    public void Other_texts_are_no_durations(string text) => SimulatedOutcome.ParseDuration(text).Should().BeNull();

    protected override IJobExecutor Create(IAttemptObserver observer) =>
        new SimulatedExecutor(observer, _clock, NullLogger<SimulatedExecutor>.Instance);

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

    protected override Task<IReadOnlyList<string>> LeftBehindAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    private static AttemptLaunch With(params (string Name, string Value)[] variables) => Launch.Of(Launch.Container("any") with
    {
        Environment = [.. variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
    });
}
