using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BatchEmulator.Server.Tests.Demo;

public sealed partial class GuidedTourTests
{
    [Fact]
    public async Task Tour_without_terminal_writes_a_line_for_each_change_and_the_logs()
    {
        UnlessWindows();
        var ending = await BuiltProgram.RunAsync(["demo", "--once", "--executor", "process", "--port", "0"]);

        ending.ExitCode.Should().Be(0, ending.Output + ending.Error);
        ending.Error.Should().BeEmpty();
        var lines = ending.Output.Split('\n').Select(line => Spaces().Replace(line.Trim(), " ")).ToList();
        lines.Should()
            .ContainInOrder("Compute environment demo is VALID", "Job queue demo is VALID", "Registered job definition demo-hello:1");
        lines.Should().ContainInOrder("hello RUNNABLE", "hello STARTING", "hello RUNNING", "hello SUCCEEDED");
        lines.Should().ContainInOrder(
            "squares PENDING", "squares:3 RUNNABLE", "squares:3 RUNNING", "squares SUCCEEDED", "report RUNNABLE", "report SUCCEEDED");
        lines.Should().Contain(line => line.StartsWith("hello Hello, Batch! I am job ", StringComparison.Ordinal));
        lines.Should().ContainInOrder("squares:0 0 x 0 = 0", "squares:3 3 x 3 = 9", "report All 4 squares are there: this is the report.");
        ending.Output.Should().NotContain("\u001b", "a pipe gets no terminal sequences");
    }

    [Fact]
    public async Task Simulated_tour_succeeds_too()
    {
        var ending = await BuiltProgram.RunAsync(["demo", "--once", "--executor", "simulated", "--port", "0"]);

        ending.ExitCode.Should().Be(0, ending.Output + ending.Error);
        ending.Output.Should().Contain("A report, simulated.");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Server_keeps_running_after_the_tour_until_a_signal_ends_it(string signal)
    {
        UnlessWindows();
        await using var program = BuiltProgram.Start(["demo", "--executor", "simulated", "--port", "0"]);
        var lines = await program.ReadUntilAsync("Ctrl-C ends it");
        var describe = lines.Single(line => line.Contains("batch describe-jobs --jobs", StringComparison.Ordinal)).Split(' ');
        var address = describe[Array.IndexOf(describe, "--endpoint-url") + 1];
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var response = await client.PostAsync("/v1/describejobs", JsonContent.Create(new { jobs = new[] { describe[^1] } }));
        var described = await response.Content.ReadFromJsonAsync<JsonElement>();
        described.GetProperty("jobs")[0].GetProperty("status").GetString().Should().Be("SUCCEEDED");

        var watch = Stopwatch.StartNew();
        await program.SignalAsync(signal);
        var ending = await program.EndAsync();

        ending.ExitCode.Should().Be(0, ending.Error);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Signal_in_the_middle_of_the_tour_ends_it_cleanly()
    {
        UnlessWindows();
        await using var program = BuiltProgram.Start(["demo", "--executor", "process", "--port", "0"]);
        await program.ReadUntilAsync("RUNNING");

        await program.SignalAsync("INT");
        var ending = await program.EndAsync();

        ending.ExitCode.Should().Be(0, ending.Output + ending.Error);
        ending.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Tour_runs_processes_if_the_engine_lacks_the_image()
    {
        UnlessWindows();
        await using var engine = await ImagelessEngine.StartAsync();

        var ending = await BuiltProgram.RunAsync(
            ["demo", "--once", "--executor", "docker", "--port", "0"], ("DOCKER_HOST", engine.Address));

        ending.ExitCode.Should().Be(0, ending.Output + ending.Error);
        ending.Output.Should().Contain(
            "The image busybox is not here and cannot be pulled (no such host): the jobs of this demo run as processes of this machine (--executor process).");
        ending.Output.Should().Contain("All 4 squares are there");
    }

    [Fact]
    public async Task Port_that_was_asked_for_is_not_replaced()
    {
        await using var taker = await ImagelessEngine.StartAsync();
        var port = new Uri(taker.Address).Port.ToString(CultureInfo.InvariantCulture);

        var refused = await BuiltProgram.RunAsync(["demo", "--once", "--executor", "simulated", "--port", port]);

        refused.ExitCode.Should().Be(2);
        refused.Error.Trim().Should().StartWith($"batch-emulator: Cannot listen on 127.0.0.1:{port}").And.NotContain("\n");
    }

    [Fact]
    public async Task Second_tour_on_the_same_data_folder_reuses_its_resources()
    {
        var folder = Directory.CreateTempSubdirectory("tour-");
        try
        {
            string[] arguments = ["demo", "--once", "--executor", "simulated", "--port", "0", "--data", folder.FullName];
            (await BuiltProgram.RunAsync(arguments)).ExitCode.Should().Be(0);

            var second = await BuiltProgram.RunAsync(arguments);

            second.ExitCode.Should().Be(0, second.Output + second.Error);
            second.Output.Should().Contain("Registered job definition demo-hello:2");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("demo", "--help")]
    [InlineData("--help")]
    public async Task Help_lists_the_options(params string[] arguments)
    {
        var ending = await BuiltProgram.RunAsync(arguments);

        ending.ExitCode.Should().Be(0);
        ending.Output.Should().Contain("--executor").And.Contain("--port").And.Contain("[default: 22824]");
        ending.Output.Contains("--once", StringComparison.Ordinal).Should().Be(arguments[0] == "demo");
        ending.Error.Should().BeEmpty();
    }

    [Theory]
    [InlineData("demo", "--wrong")]
    [InlineData("--wrong")]
    [InlineData("demo", "--port", "many")]
    [InlineData("--executor", "magic")]
    [InlineData("--once")]
    public async Task Bad_usage_is_refused_with_one_line(params string[] arguments)
    {
        var ending = await BuiltProgram.RunAsync(arguments);

        ending.ExitCode.Should().Be(2);
        ending.Output.Should().BeEmpty();
        ending.Error.TrimEnd().Should().StartWith("batch-emulator: ").And.NotContain("\n");
    }

    private static void UnlessWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a Unix shell and signals");

    [GeneratedRegex(" +", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
