using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Control;

public sealed class ClockTests : IAsyncLifetime
{
    private const int RetentionDays = 2;

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"), ("retention", RetentionDays.ToString(CultureInfo.InvariantCulture)));
        await _server.RegisterAsync("d");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Paused_clock_stands_still_and_runs_on_from_there()
    {
        (await ClockAsync()).Paused.Should().BeFalse();

        var paused = await ChangeAsync("""{"pause":true}""");
        var later = await ClockAsync();

        later.Should().Be(paused);
        (await ChangeAsync("""{"pause":false}""")).Paused.Should().BeFalse();
        (await ClockAsync()).Now.Should().BeOnOrAfter(paused.Now).And.BeBefore(paused.Now.AddMinutes(5));
    }

    [Fact]
    public async Task Simulated_night_of_jobs_takes_a_moment_and_ends_at_the_exact_millisecond()
    {
        var start = (await ChangeAsync("""{"pause":true}""")).Now;
        var runs = Enumerable.Range(1, 60).ToList();
        var jobs = new List<string>();
        foreach (var minutes in runs)
        {
            jobs.Add(await SubmitAsync($"{minutes * 8}m"));
        }

        var began = Stopwatch.GetTimestamp();
        (await ChangeAsync("""{"advance":"PT8H"}""")).Now.Should().Be(start.AddHours(8));

        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(30));
        foreach (var (job, minutes) in jobs.Zip(runs))
        {
            var described = await _server.DescribeAsync(job);
            described.GetProperty("status").GetString().Should().Be("SUCCEEDED");
            Time(described, "startedAt").Should().Be(start);
            Time(described, "stoppedAt").Should().Be(start.AddMinutes(minutes * 8));
        }
    }

    [Fact]
    public async Task Reset_brings_back_a_clock_that_was_months_ahead()
    {
        await ChangeAsync("""{"advance":"2400h"}""");

        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();

        (await ClockAsync()).Now.Should().BeBefore(DateTimeOffset.UtcNow.AddMinutes(5));
        await _server.RegisterAsync("d");
        await _server.WaitForAsync(await _server.SubmitAsync("default", "d"), "SUCCEEDED");
        (await ChangeAsync("""{"advance":"1h"}""")).Paused.Should().BeFalse();
    }

    [Fact]
    public async Task Same_jobs_have_the_same_course()
    {
        var first = await LivesAsync();
        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();

        var second = await LivesAsync();

        second.Should().Equal(first);
        first.Should().HaveCount(300).And.OnlyContain(life => life.StartsWith("SUCCEEDED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timeouts_dependencies_and_retries_happen_while_the_clock_moves()
    {
        var start = (await ChangeAsync("""{"pause":true}""")).Now;
        var slow = await SubmitAsync("1h", "\"timeout\":{\"attemptDurationSeconds\":90}");
        var flaky = await SubmitAsync("10m", "\"retryStrategy\":{\"attempts\":3}", ("SIMULATE_FAIL_FIRST_ATTEMPTS", "2"));
        var after = await SubmitAsync("5m", $$"""
            "dependsOn":[{"jobId":"{{flaky}}"}]
            """);

        await ChangeAsync("""{"advance":3600}""");

        var timedOut = await _server.DescribeAsync(slow);
        timedOut.GetProperty("statusReason").GetString().Should().Be("Job attempt duration exceeded timeout");
        Time(timedOut, "stoppedAt").Should().Be(start.AddSeconds(90));
        var retried = await _server.DescribeAsync(flaky);
        retried.GetProperty("attempts").GetArrayLength().Should().Be(3);
        Time(retried, "stoppedAt").Should().Be(start.AddMinutes(30));
        Time(await _server.DescribeAsync(after), "stoppedAt").Should().Be(start.AddMinutes(35));
    }

    [Fact]
    public async Task Running_clock_can_be_moved_too()
    {
        var job = await SubmitAsync("8h");
        await _server.WaitForAsync(job, "RUNNING");

        (await ChangeAsync("""{"advance":"8h"}""")).Paused.Should().BeFalse();

        (await _server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("SUCCEEDED");
    }

    [Fact]
    [AwsRule("7.1", Evidence.Doc, "finished jobs stay describable for the days of retention")]
    public async Task Retention_follows_the_clock_and_changes_of_resources_do_not_wait_for_it()
    {
        var start = (await ChangeAsync("""{"pause":true}""")).Now;
        var job = await SubmitAsync("0");
        await _server.WaitForAsync(job, "SUCCEEDED");
        await _server.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("other"));
        (await StatusOfEnvironmentAsync()).Should().Be("VALID");
        await ChangeAsync($$"""{"jump":"{{start.AddDays(RetentionDays):yyyy-MM-ddTHH:mm:ss}}Z"}""");
        (await CountJobsAsync(job)).Should().Be(1);
        await ChangeAsync($$"""{"jump":{{start.AddDays(RetentionDays).AddMinutes(1).ToUnixTimeMilliseconds() + 1}}}""");
        (await CountJobsAsync(job)).Should().Be(0);
    }

    [Fact]
    public async Task Clock_keeps_its_lead_across_a_restart_and_loses_it_with_a_reset()
    {
        var real = (await ClockAsync()).Now;
        await ChangeAsync("""{"pause":true,"advance":"PT240H"}""");

        await _server.RestartAsync();

        (await ClockAsync()).Paused.Should().BeFalse();
        (await ClockAsync()).Now.Should().BeOnOrAfter(real.AddDays(10));
        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();
        (await ClockAsync()).Now.Should().BeBefore(real.AddDays(1));
    }

    [Fact]
    public async Task Jobs_continue_unaffected_after_the_machine_was_set_back_while_no_server_ran()
    {
        await ChangeAsync("""{"advance":"PT240H"}""");
        var job = await SubmitAsync("1h", "\"timeout\":{\"attemptDurationSeconds\":600}");
        var other = await SubmitAsync("8m");
        var started = Time(await _server.WaitForAsync(job, "RUNNING"), "startedAt");
        await _server.WaitForAsync(other, "RUNNING");

        // Without its lead the clock shows the machine's time: ten days earlier than the stored times.
        await _server.RestartAsync(() =>
        {
            File.Delete(Path.Combine(_server.Folder, "clock-lead"));
            return Task.CompletedTask;
        });

        (await ClockAsync()).Now.Should().BeOnOrAfter(started).And.BeBefore(started.AddMinutes(5));
        await ChangeAsync("""{"advance":"10m"}""");
        Time(await _server.WaitForAsync(other, "SUCCEEDED"), "stoppedAt")
            .Should().BeOnOrAfter(started.AddMinutes(8)).And.BeBefore(started.AddMinutes(9));
        var timedOut = await _server.DescribeAsync(job);
        timedOut.GetProperty("statusReason").GetString().Should().Be("Job attempt duration exceeded timeout");
        Time(timedOut, "stoppedAt").Should().Be(started.AddMinutes(10));
        Time(timedOut.GetProperty("attempts")[0], "stoppedAt").Should().Be(started.AddMinutes(10));
    }

    [Fact]
    public async Task Environment_settles_in_time_after_the_machine_was_set_back_while_no_server_ran()
    {
        await using var server = await TestServer.StartAsync(("resource-delay", "600"));
        await server.ClockAsync("""{"advance":"PT240H"}""");
        await server.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("ce"));

        await server.RestartAsync(() =>
        {
            File.Delete(Path.Combine(server.Folder, "clock-lead"));
            return Task.CompletedTask;
        });

        var all = await server.OkAsync("DescribeComputeEnvironments", "{}");
        all.GetProperty("computeEnvironments")[0].GetProperty("status").GetString().Should().Be("CREATING");
        await server.ClockAsync("""{"advance":600}""");
        all = await server.OkAsync("DescribeComputeEnvironments", "{}");
        all.GetProperty("computeEnvironments")[0].GetProperty("status").GetString().Should().Be("VALID");
    }

    [Theory]
    [InlineData("""{"jump":"2001-01-01T00:00:00Z"}""", "The clock does not go back: it is *")]
    [InlineData("""{"jump":1000}""", "The clock does not go back: it is *")]
    [InlineData("""{"jump":"3001-01-01"}""", "The clock does not go beyond 3000-01-01.")]
    [InlineData("""{"advance":1e11}""", "The clock does not go beyond 3000-01-01.")]
    [InlineData("""{"advance":-1}""", "advance must be a duration that is not negative*")]
    [InlineData("""{"advance":"a while"}""", "advance must be *")]
    [InlineData("""{"jump":"tomorrow"}""", "jump must be a time such as *")]
    [InlineData("""{"jump":1.5}""", "jump must be a time such as *")]
    [InlineData("""{"pause":"yes"}""", "pause must be true or false.")]
    [InlineData("""{"advance":1,"jump":"2999-01-01"}""", "Give advance or jump, not both.")]
    [InlineData("""{"stop":true}""", "The member stop is unknown; there are pause, advance and jump.")]
    [InlineData("{}", "Nothing to do: give pause, advance or jump.")]
    [InlineData("[]", "The body must be *")]
    [InlineData("", "The body must be *")]
    [InlineData("""{"\ud800":1}""", "The body must be *")]
    public async Task Invalid_value_is_refused(string body, string message)
    {
        var reply = await _server.SendAsync(HttpMethod.Post, "/_emulator/clock", body);

        reply.Status.Should().Be(400, reply.Body);
        reply.Message.Should().Match(message);
        (await ClockAsync()).Paused.Should().BeFalse();
    }

    [Fact]
    public async Task Real_jobs_take_real_time()
    {
        await using var server = await TestServer.StartAsync(("executor", "process"));

        (await server.ControlAsync("clock")).GetProperty("paused").GetBoolean().Should().BeFalse();
        var reply = await server.SendAsync(HttpMethod.Post, "/_emulator/clock", """{"pause":true}""");

        reply.Status.Should().Be(400);
        reply.Message.Should().Contain("this server runs jobs with process");
    }

    /// <summary>
    /// Returns the outcomes and times of jobs of different sizes, many of which ended at once while others waited for their capacity.
    /// </summary>
    private async Task<List<string>> LivesAsync()
    {
        var start = (await ChangeAsync("""{"pause":true}""")).Now;
        await _server.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("small", maxvCpus: 8));
        await ChangeAsync("""{"advance":1}""");
        await _server.OkAsync("CreateJobQueue", Requests.JobQueue("small"));
        await _server.RegisterAsync("d");
        await ChangeAsync("""{"advance":1}""");
        var jobs = new List<string>();
        for (var index = 0; index < 300; index++)
        {
            jobs.Add(await SubmitAsync(
                $"{60 * (1 + (index % 3))}", queue: "small", vcpus: 1 + (index % 4)));
        }

        await ChangeAsync("""{"advance":"PT12H"}""");
        var lives = new List<string>();
        foreach (var job in jobs)
        {
            var described = await _server.DescribeAsync(job);
            lives.Add($"{described.GetProperty("status")} {(Time(described, "startedAt") - start).TotalSeconds} {(Time(described, "stoppedAt") - start).TotalSeconds}");
        }

        return lives;
    }

    private Task<string> SubmitAsync(
        string runFor, string more = "", (string Name, string Value)? variable = null, string queue = "default", int vcpus = 1)
    {
        var variables = new List<object> { new { name = "SIMULATE_RUN_FOR", value = runFor } };
        if (variable is var (name, value))
        {
            variables.Add(new { name, value });
        }

        var overrides = JsonSerializer.Serialize(new
        {
            environment = variables,
            resourceRequirements = new[] { new { type = "VCPU", value = vcpus.ToString(CultureInfo.InvariantCulture) } },
        });
        return _server.SubmitAsync(queue, "d", $"\"containerOverrides\":{overrides}{(more.Length > 0 ? "," + more : "")}");
    }

    private async Task<State> ClockAsync() => Read(await _server.ControlAsync("clock"));

    private async Task<State> ChangeAsync(string json) => Read((await _server.SendAsync(HttpMethod.Post, "/_emulator/clock", json)).Ok());

    private async Task<string?> StatusOfEnvironmentAsync() =>
        (await _server.OkAsync("DescribeComputeEnvironments", """{"computeEnvironments":["other"]}"""))
            .GetProperty("computeEnvironments")[0].GetProperty("status").GetString();

    private async Task<int> CountJobsAsync(string job) =>
        (await _server.OkAsync("DescribeJobs", $$"""{"jobs":["{{job}}"]}""")).GetProperty("jobs").GetArrayLength();

    private static State Read(JsonElement clock) =>
        new(clock.GetProperty("now").GetDateTimeOffset(), clock.GetProperty("paused").GetBoolean());

    private static DateTimeOffset Time(JsonElement job, string member) =>
        DateTimeOffset.FromUnixTimeMilliseconds(job.GetProperty(member).GetInt64());

    private sealed record State(DateTimeOffset Now, bool Paused);
}
