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
        lines.Should().OnlyContain(line => Regex.IsMatch(line, @"^(# (HELP|TYPE) batch_emulator_\w+ .+|batch_emulator_\w+(\{(\w+=""[\w.+-]+"",?)+\})? \d+(\.\d+)?(E-\d+)?)$", RegexOptions.NonBacktracking));
        lines.Should().Contain("batch_emulator_jobs{status=\"SUCCEEDED\"} 1");
        lines.Should().Contain("batch_emulator_jobs{status=\"RUNNING\"} 0");
        lines.Should().Contain("batch_emulator_log_lines_total 1");
        lines.Should().Contain(line => Regex.IsMatch(line, "^batch_emulator_turns_total [1-9]", RegexOptions.NonBacktracking));
        lines.Should().Contain(line => Regex.IsMatch(line, "^batch_emulator_commits_total [1-9]", RegexOptions.NonBacktracking));
    }

    [Fact]
    public async Task Metrics_show_the_load_of_queues_environments_and_shares()
    {
        await using var server = await TestServer.StartAsync(("resource-delay", "0"));
        await server.CreateQueueAsync("plain", maxvCpus: 2);
        var policy = (await server.OkAsync("CreateSchedulingPolicy", """{"name":"p","fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":0.5}]}}"""))
            .GetProperty("arn").GetString();
        await server.OkAsync("CreateJobQueue", $$"""
            {"jobQueueName":"fair","priority":1,"schedulingPolicyArn":"{{policy}}","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"plain"}]}
            """);
        await server.RegisterAsync("d");
        const string running = "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}";
        var first = await server.SubmitAsync("fair", "d", running + ",\"shareIdentifier\":\"a\",\"schedulingPriorityOverride\":1");
        var second = await server.SubmitAsync("plain", "d", running);
        await server.SubmitAsync("plain", "d", running);
        await server.WaitForAsync(first, "RUNNING");
        await server.WaitForAsync(second, "RUNNING");

        var lines = (await server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body.Split('\n');

        const string scope = "account=\"000000000000\",region=\"us-east-1\"";
        lines.Should().Contain($"batch_emulator_queue_jobs{{{scope},queue=\"plain\",status=\"RUNNING\"}} 1");
        lines.Should().Contain($"batch_emulator_queue_jobs{{{scope},queue=\"plain\",status=\"RUNNABLE\"}} 1");
        lines.Should().Contain($"batch_emulator_queue_jobs{{{scope},queue=\"fair\",status=\"RUNNING\"}} 1");
        lines.Should().Contain($"batch_emulator_environment_vcpus{{{scope},environment=\"plain\"}} 2");
        lines.Should().Contain($"batch_emulator_environment_vcpus_maximum{{{scope},environment=\"plain\"}} 2");
        lines.Should().Contain($"batch_emulator_share_vcpus{{{scope},queue=\"fair\",share=\"a\"}} 1");
        lines.Should().Contain($"batch_emulator_share_weight{{{scope},queue=\"fair\",share=\"a\"}} 0.5");
        lines.Should().Contain($"batch_emulator_queue_vcpus_wanted{{{scope},queue=\"plain\"}} 1");
        lines.Should().Contain("# TYPE batch_emulator_queue_wait_seconds histogram");
        lines.Should().Contain($"batch_emulator_queue_wait_seconds_bucket{{{scope},queue=\"plain\",le=\"86400\"}} 1");
        lines.Should().Contain($"batch_emulator_queue_wait_seconds_bucket{{{scope},queue=\"plain\",le=\"+Inf\"}} 1");
        lines.Should().Contain($"batch_emulator_queue_wait_seconds_count{{{scope},queue=\"plain\"}} 1");
        const string instances = $"{scope},environment=\"plain\",type=\"c6i.large\",purchase=\"ON_DEMAND\"";
        lines.Should().Contain($"batch_emulator_instances{{{instances},status=\"RUNNING\"}} 1");
        lines.Should().Contain($"batch_emulator_instance_vcpus_held{{{instances}}} 2");
        lines.Should().Contain($"batch_emulator_instance_vcpus_idle{{{instances}}} 0");
        lines.Should().Contain($"batch_emulator_interruptions_total{{{instances}}} 0");
        lines.Should().Contain(line => line.StartsWith($"batch_emulator_environment_estimated_usd_total{{{scope},environment=\"plain\"}} "));
    }

    [Fact]
    public async Task Metrics_are_read_only()
    {
        await using var server = await TestServer.StartAsync();

        (await server.SendAsync(HttpMethod.Post, "/_emulator/metrics", "")).Status.Should().Be(405);
    }
}
