using System.Text.RegularExpressions;

namespace BatchEmulator.Server.Tests.Control;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_count_jobs_turns_and_lines()
    {
        await using var server = await TestServer.StartAsync(("bootstrap", "true"));
        await server.RegisterAsync("d");
        var job = await server.SubmitAsync(
            "default", "d", "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_OUTPUT\",\"value\":\"one line\"}]}");
        await server.WaitForAsync(job, "SUCCEEDED");

        var reply = await server.SendAsync(HttpMethod.Get, "/_emulator/metrics");

        reply.Status.Should().Be(200);
        reply.Headers["Content-Type"].Should().Be("text/plain; version=0.0.4; charset=utf-8");
        reply.Body.Should().EndWith("\n");
        var lines = reply.Body.TrimEnd('\n').Split('\n');
        lines.Should().OnlyContain(line => Regex.IsMatch(line, @"^(# (HELP|TYPE) batch_emulator_\w+ .+|batch_emulator_\w+(\{\w+=""\w+""\})? \d+)$", RegexOptions.NonBacktracking));
        lines.Should().Contain("batch_emulator_jobs{status=\"SUCCEEDED\"} 1");
        lines.Should().Contain("batch_emulator_jobs{status=\"RUNNING\"} 0");
        lines.Should().Contain("batch_emulator_log_lines_total 1");
        lines.Should().Contain(line => Regex.IsMatch(line, "^batch_emulator_turns_total [1-9]", RegexOptions.NonBacktracking));
        lines.Should().Contain(line => Regex.IsMatch(line, "^batch_emulator_commits_total [1-9]", RegexOptions.NonBacktracking));
    }

    [Fact]
    public async Task Metrics_are_read_only()
    {
        await using var server = await TestServer.StartAsync();

        (await server.SendAsync(HttpMethod.Post, "/_emulator/metrics", "")).Status.Should().Be(405);
    }
}
