using System.Text.Json;
using BatchEmulator.Server.Tests.Executors.Docker;
using BatchEmulator.Server.Tests.Logs;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>A failing log store costs output at most: attempts end, free their capacity and can be terminated.</summary>
public sealed class FailingLogStoreTests
{
    [Theory]
    [InlineData("simulated")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Jobs_continue_while_another_process_locks_the_log_file(string executor)
    {
        await using var server = await StartAsync(executor);
        using (new WriteLock(Path.Combine(server.Folder, "logs.db")))
        {
            await JobsGoOnAsync(server);
        }

        await OutputIsStoredAgainAsync(server);
    }

    [Theory]
    [InlineData("simulated", "sqlite", "logs.db")]
    [InlineData("process", "sqlite", "logs.db")]
    [InlineData("process", "litedb", "logs.litedb")]
    public async Task Jobs_continue_while_the_disk_of_the_log_file_is_full(string executor, string storage, string file)
    {
        using var disk = SmallDisk.Mount();
        var data = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
        File.CreateSymbolicLink(Path.Combine(data, file), Path.Combine(disk.Path, file));
        await using (var server = await StartAsync(executor, ("data", data), ("storage", storage)))
        {
            disk.Fill();
            await JobsGoOnAsync(server);
            disk.Empty();
            await OutputIsStoredAgainAsync(server);
        }

        Directory.Delete(data, recursive: true);
    }

    /// <summary>
    /// Starts a server with room for two jobs, and definitions of a job that writes and ends, and of one that writes and does not end.
    /// </summary>
    private static async Task<TestServer> StartAsync(string executor, params (string Name, string Value)[] settings)
    {
        Assert.SkipWhen(executor == "process" && OperatingSystem.IsWindows(), "The commands are for a POSIX shell.");
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";
        var server = await TestServer.StartAsync([("executor", executor), ("host-vcpus", "4"), .. settings]);
        await server.CreateQueueAsync("q", maxvCpus: 2);
        const string counting = "i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo $i; done";
        await server.OkAsync("RegisterJobDefinition", Definition("short", image, counting, runFor: "0"));
        await server.OkAsync("RegisterJobDefinition", Definition("long", image, "echo ready; exec sleep 600", runFor: "600"));
        return server;
    }

    private static async Task JobsGoOnAsync(TestServer server)
    {
        var endless = await server.SubmitAsync("q", "long");
        // One after the other: each needs the capacity that the one before it has freed.
        var jobs = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            jobs.Add(await server.SubmitAsync("q", "short"));
        }

        foreach (var job in jobs)
        {
            await server.WaitForAsync(job, "SUCCEEDED");
        }

        await server.WaitForAsync(endless, "RUNNING");
        await server.OkAsync("TerminateJob", $$"""{"jobId":"{{endless}}","reason":"enough"}""");
        (await server.WaitForAsync(endless, "FAILED")).GetProperty("statusReason").GetString().Should().Be("enough");
        var health = await server.UntilHealthAsync("degraded");
        var logs = health.GetProperty("parts").GetProperty("logs");
        logs.GetProperty("status").GetString().Should().Be("degraded");
        logs.GetProperty("error").GetString().Should().StartWith("Log output cannot be stored: ");
        logs.GetProperty("since").GetDateTimeOffset().Should().BeOnOrBefore(TimeProvider.System.GetUtcNow());
        foreach (var part in new[] { "engine", "store", "executor", "deliveries" })
        {
            health.GetProperty("parts").GetProperty(part).GetProperty("status").GetString().Should().Be("ok");
        }
    }

    private static async Task OutputIsStoredAgainAsync(TestServer server)
    {
        await server.UntilHealthAsync("ok");
        var job = await server.WaitForAsync(await server.SubmitAsync("q", "short"), "SUCCEEDED");
        var stream = job.GetProperty("container").GetProperty("logStreamName").GetString();
        var page = (await server.CallLogsAsync(
            "GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}""")).Ok();
        page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("message").GetString())
            .Should().Equal(Enumerable.Range(1, 200).Select(i => $"{i}"));
    }

    private static string Definition(string name, string image, string script, string runFor) => JsonSerializer.Serialize(new
    {
        jobDefinitionName = name,
        type = "container",
        containerProperties = new
        {
            image,
            command = new[] { "sh", "-c", script },
            resourceRequirements = new[] { new { type = "VCPU", value = "1" }, new { type = "MEMORY", value = "16" } },
            environment = new[]
            {
                new { name = "SIMULATE_OUTPUT", value = string.Join('\n', Enumerable.Range(1, 200)) },
                new { name = "SIMULATE_RUN_FOR", value = runFor },
            },
        },
    });
}
