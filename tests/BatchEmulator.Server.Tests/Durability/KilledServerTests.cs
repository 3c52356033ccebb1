using System.Text.Json;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>No acknowledged job is lost, whenever the server is killed, and no job runs to an end twice.</summary>
public sealed class KilledServerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("batch-emulator-kill-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("sqlite", 1)]
    [InlineData("sqlite", 2)]
    [InlineData("litedb", 5)]
    [InlineData("litedb", 6)]
    public async Task Simulated_jobs_survive_kills_during_a_storm_of_submits(string storage, int seed)
    {
        var storm = new KillStorm("simulated", _data, seed) { Options = ["--storage", storage] };

        await using var server = await storm.RunAsync(
            rounds: 4, jobsPerRound: 800, Requests.JobDefinition("storm"), Requests.Job("storm", "storm", "storm"), maxvCpus: 64);

        await AllSucceededAsync(storm, server, allowedInterruptions: 0);
    }

    [Theory]
    [InlineData("sqlite", 3)]
    [InlineData("litedb", 7)]
    public async Task Processes_survive_kills_during_a_storm_of_submits(string storage, int seed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are run with a shell of Linux here.");
        var ran = Directory.CreateDirectory(Path.Combine(_data, "ran")).FullName;
        var storm = new KillStorm("process", _data, seed)
        {
            Options = ["--host-vcpus", "4", "--storage", storage],
            KillsWhenJobsEnd = true,
        };

        // A process dies with its server, as a job dies with its instance, so the job is retried.
        await using var server = await storm.RunAsync(
            rounds: 3,
            jobsPerRound: 120,
            Requests.JobDefinition("storm", "any", "sh", "-c", $"echo \"$AWS_BATCH_JOB_ATTEMPT\" >> '{ran}/'\"$AWS_BATCH_JOB_ID\""),
            Requests.Job("storm", "storm", "storm", "\"retryStrategy\":{\"attempts\":10}"),
            maxvCpus: 4);

        await AllSucceededAsync(storm, server, allowedInterruptions: storm.Interruptible);
        var runs = storm.Acknowledged.ToDictionary(id => id, id => File.ReadAllLines(Path.Combine(ran, id)), StringComparer.Ordinal);
        runs.Values.Sum(lines => lines.Length - 1).Should()
            .BeLessThanOrEqualTo(storm.Interruptible, "only what ran when the server was killed may run again");
        await NoFolderIsLeftAsync(Path.Combine(_data, "attempts"));
    }

    [Fact]
    public async Task Containers_survive_kills_during_a_storm_of_submits()
    {
        var image = await DockerTestEngine.ImageAsync();
        using var engine = await DockerTestEngine.ConnectAsync();
        var ran = Directory.CreateDirectory(Path.Combine(_data, "ran")).FullName;
        var storm = new KillStorm("docker", _data, seed: 4) { Options = ["--host-vcpus", "4"], KillsWhenJobsEnd = true };

        await using var server = await storm.RunAsync(
            rounds: 3,
            jobsPerRound: 12,
            $$$"""
            {"jobDefinitionName":"storm","type":"container","containerProperties":{"image":"{{{image}}}",
            "command":["sh","-c","echo \"$AWS_BATCH_JOB_ATTEMPT\" >> \"/ran/$AWS_BATCH_JOB_ID\""],
            "volumes":[{"name":"ran","host":{"sourcePath":"{{{ran}}}"}}],"mountPoints":[{"sourceVolume":"ran","containerPath":"/ran"}],
            "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"16"}]}}
            """,
            Requests.Job("storm", "storm", "storm"),
            maxvCpus: 4);

        // Containers outlive the server: no job is retried, and none runs twice.
        await AllSucceededAsync(storm, server, allowedInterruptions: 0);
        foreach (var id in storm.Acknowledged)
        {
            (await File.ReadAllLinesAsync(Path.Combine(ran, id))).Should().Equal("1");
        }

        await NoContainerIsLeftAsync(engine, storm);
    }

    private static async Task AllSucceededAsync(KillStorm storm, ServerProcess server, int allowedInterruptions)
    {
        var jobs = await storm.DescribeAsync(server);
        storm.Acknowledged.Where(id => !jobs.ContainsKey(id)).Should().BeEmpty("no acknowledged job is lost");
        jobs.Values.Where(j => j.GetProperty("status").GetString() != "SUCCEEDED").Select(j => j.GetRawText()).Take(3).Should().BeEmpty();
        var attempts = jobs.Values.Select(j => j.GetProperty("attempts").EnumerateArray().ToList()).ToList();
        attempts.Sum(a => a.Count - 1).Should().BeLessThanOrEqualTo(allowedInterruptions);
        attempts.Where(a => a.Count(Succeeded) != 1 || !Succeeded(a[^1])).Should().BeEmpty("one attempt succeeds, the last one");
        var counts = await KillStorm.CountAsync(server);
        counts["FAILED"].Should().Be(0, "neither does a job fail whose answer was lost");
        counts["SUCCEEDED"].Should().BeGreaterThanOrEqualTo(jobs.Count);
    }

    /// <summary>Waits until the folders of the attempts are removed, after the ends of their jobs are known.</summary>
    private static async Task NoFolderIsLeftAsync(string folder)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static bool Succeeded(JsonElement attempt) =>
        attempt.GetProperty("container").TryGetProperty("exitCode", out var code) && code.GetInt32() == 0;

    /// <summary>
    /// Waits until the containers are removed, after the ends of their jobs are known; those of the storm are found by the ids of its jobs.
    /// </summary>
    private static async Task NoContainerIsLeftAsync(DockerEngine engine, KillStorm storm)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        foreach (var id in storm.Acknowledged)
        {
            while ((await engine.ListAsync(DockerNames.JobId, id, patience.Token)).Count > 0)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }
}
