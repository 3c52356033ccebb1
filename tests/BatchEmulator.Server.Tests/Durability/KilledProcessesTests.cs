using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Server.Tests.Executors.Docker;
using Docker.DotNet.Models;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>A command runs once, whenever the server is killed, and none of its processes outlives the next start.</summary>
public sealed class KilledProcessesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-kill-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private string Ran => Path.Combine(_folder, "ran");

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes that left their session are found by /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Attempt_whose_command_kills_the_server_is_lost_and_never_run_again(string attempts)
    {
        // The command is usually quicker than the commit of its start: then only its folder shows that it had begun.
        var script = $"echo \"$AWS_BATCH_JOB_ATTEMPT\" >> '{Ran}'; [ \"$AWS_BATCH_JOB_ATTEMPT\" = 2 ] || kill -9 $PPID";
        string job;
        await using (var killed = await ServerProcess.StartAsync(Data, "process", "--bootstrap"))
        {
            job = await killed.SubmitAsync(script, $$"""
                "retryStrategy":{"attempts":{{attempts}}}
                """);
            await killed.EndAsync();
        }

        await using var server = await ServerProcess.StartAsync(Data, "process");
        var ended = await server.WaitForEndAsync(job);

        File.ReadAllLines(Ran).Should().Equal(attempts == "1" ? ["1"] : ["1", "2"]);
        ended.GetProperty("status").GetString().Should().Be(attempts == "1" ? "FAILED" : "SUCCEEDED");
        var tries = ended.GetProperty("attempts").EnumerateArray().ToList();
        tries.Should().HaveCount(attempts == "1" ? 1 : 2);
        tries[0].GetProperty("statusReason").GetString().Should().StartWith("Host EC2 (instance i-").And.EndWith(") terminated.");
        tries[0].GetProperty("container").TryGetProperty("exitCode", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Next_start_ends_processes_that_left_their_session_with_any_executor()
    {
        IReadOnlyList<string> left;
        await using (var killed = await ServerProcess.StartAsync(Data, "process", "--bootstrap"))
        {
            await killed.SubmitAsync(Leaving());
            left = await Processes.LinesAsync(Ran, 2);
            killed.Kill();
            await killed.EndAsync();
        }

        left.Should().OnlyContain(id => Processes.Lives(id), "they have not been ended yet");
        await using var server = await ServerProcess.StartAsync(Data, "simulated");

        foreach (var id in left)
        {
            await Processes.GoneAsync(id);
        }
    }

    [Fact]
    public async Task Next_start_ends_and_removes_everything_of_a_killed_ephemeral_server()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        IReadOnlyList<string> left;
        await using (var killed = await StartEphemeralAsync(temporary))
        {
            await killed.SubmitAsync(Leaving());
            left = await Processes.LinesAsync(Ran, 2);
            killed.Kill();
            await killed.EndAsync();
        }

        Abandoned(temporary).Should().ContainSingle();
        await using (await ServerProcess.StartAsync([], [("TMPDIR", temporary)], ["--data", Data, "--executor", "simulated"]))
        {
            foreach (var id in left)
            {
                await Processes.GoneAsync(id);
            }

            Abandoned(temporary).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Containers_of_an_ephemeral_server_are_removed_by_the_next_start_that_reaches_the_engine()
    {
        var image = await DockerTestEngine.ImageAsync();
        using var engine = await DockerTestEngine.ConnectAsync();
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        string job;
        await using (var killed = await StartEphemeralAsync(temporary, "docker"))
        {
            job = await killed.SubmitAsync("sleep 600", image: image);
            while ((await ContainersAsync(engine, job)).SingleOrDefault()?.State != "running")
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            killed.Kill();
            await killed.EndAsync();
        }

        string[] options = ["--data", Data, "--executor", "simulated"];
        await using (await ServerProcess.StartAsync([], [("TMPDIR", temporary), ("DOCKER_HOST", "unix:///no/such/docker.sock")], options))
        {
            (await ContainersAsync(engine, job)).Should().ContainSingle();
            Abandoned(temporary).Should().ContainSingle("it names the containers to remove");
        }

        await using (await ServerProcess.StartAsync([], [("TMPDIR", temporary)], options))
        {
            (await ContainersAsync(engine, job)).Should().BeEmpty();
            Abandoned(temporary).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Running_ephemeral_server_is_left_alone()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder, "end")]))
        {
            await pipe.WaitForExitAsync();
        }

        await using var first = await StartEphemeralAsync(temporary);
        var job = await first.SubmitAsync($"echo $$ >> '{Ran}'; read end < '{_folder}/end'; exit 7");
        var id = (await Processes.LinesAsync(Ran, 1))[0];

        await using var second = await StartEphemeralAsync(temporary);

        Processes.Lives(id).Should().BeTrue();
        Abandoned(temporary).Should().HaveCount(2);
        await File.WriteAllTextAsync(Path.Combine(_folder, "end"), "now\n");
        var ended = await first.WaitForEndAsync(job);
        ended.GetProperty("container").GetProperty("exitCode").GetInt32().Should().Be(7);
    }

    [Fact]
    public async Task Folder_that_another_user_made_look_abandoned_is_left_alone()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can make a folder another user's.");
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        string[] names = ["batch-emulator-own", "batch-emulator-others"];
        foreach (var name in names)
        {
            var folder = Directory.CreateDirectory(Path.Combine(temporary, name)).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "lock"), "");
            await File.WriteAllTextAsync(Path.Combine(folder, "ephemeral"), "");
        }

        using (var chown = System.Diagnostics.Process.Start("chown", ["65534:65534", Path.Combine(temporary, names[1])]))
        {
            await chown.WaitForExitAsync();
        }

        await using var server = await ServerProcess.StartAsync([], [("TMPDIR", temporary)], ["--data", Data, "--executor", "simulated"]);

        Abandoned(temporary).Select(Path.GetFileName).Should().Equal(names[1]);
    }

    private static Task<ServerProcess> StartEphemeralAsync(string temporary, string executor = "process") =>
        ServerProcess.StartAsync([], [("TMPDIR", temporary)], ["--ephemeral", "--executor", executor, "--bootstrap"]);

    private static Task<IList<ContainerListResponse>> ContainersAsync(DockerEngine engine, string job) =>
        engine.ListAsync(DockerNames.JobId, job, TestContext.Current.CancellationToken);

    /// <summary>Temporary data folders, in use or abandoned.</summary>
    private static string[] Abandoned(string temporary) => Directory.GetDirectories(temporary, "batch-emulator-*");

    /// <summary>A command that starts a process in a new session, and records both.</summary>
    private string Leaving() => $"setsid sh -c 'echo $$ >> \"{Ran}\"; exec sleep 600' & echo $$ >> '{Ran}'; exec sleep 600";
}
