using System.Diagnostics;
using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Docker;

public sealed partial class DockerExecutorTests : JobExecutorConformance
{
    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly Dictionary<AttemptKey, long> _linesStored = [];
    private string _image = "";
    private DockerEngine? _engine;
    private bool _ephemeral;

    protected override bool RunsCommands => true;

    protected override bool TakesUpAgain => true;

    [Fact]
    public async Task Missing_image_that_cannot_be_pulled_is_reported_with_the_engines_message()
    {
        var launch = Launch.Of(Launch.Container("localhost:1/no-such-image:3", "true"));

        Executor.Start(launch);

        var end = await Observer.NotStartedAsync(launch.Key);
        end.Reason.Should().StartWith("CannotPullContainerError: Error response from daemon: ").And.Contain("localhost:1");
        end.ExitCode.Should().BeNull();
    }

    [Fact]
    public async Task Command_that_uses_too_much_memory_is_killed_with_the_reason()
    {
        var launch = Run("a=x; while true; do a=$a$a; done").With(container => container with { MemoryMiB = 16 });

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).Should()
            .Be(new ContainerEnd("default", 137, "OutOfMemoryError: Container killed due to memory usage"));
    }

    [Fact]
    public async Task Invalid_setting_is_a_create_error()
    {
        var launch = Run("true").With(container => container with
        {
            Properties = SignalMounted with { MountPoints = [new() { SourceVolume = "t", ContainerPath = "relative" }] },
        });

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Reason.Should().StartWith("CannotCreateContainerError: Error response from daemon: ");
    }

    [Fact]
    public async Task Missing_engine_is_reported()
    {
        await using var lonely = ExecutorOn("unix:///no/such/docker.sock");
        var launch = Run("true");

        lonely.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Reason.Should().Be(
            "CannotStartContainerError: Cannot connect to the Docker daemon at unix:///no/such/docker.sock. Is the docker daemon running?");
    }

    [Fact]
    public async Task Container_carries_the_attempts_labels_and_limits()
    {
        var launch = Run("echo ready; sleep 600").With(container => container with { Vcpus = 0.5, MemoryMiB = 32 }) with
        {
            HasAddress = true,
        };
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");

        var found = (await ContainersAsync()).Should().ContainSingle().Subject;

        found.Labels.Should().Contain(DockerNames.JobId, launch.Key.JobId).And.Contain(DockerNames.Attempt, "1")
            .And.Contain(DockerNames.Container, "default").And.Contain(DockerNames.JobQueue, "queue")
            .And.Contain(DockerNames.Scope, "000000000000/us-east-1");
        Observer[launch.Key].PrivateAddress.Should().MatchRegex(@"^\d+\.\d+\.\d+\.\d+$");
    }

    [Fact]
    public async Task Limits_and_user_apply_inside_the_container()
    {
        var launch = Run("id -u; ulimit -n; ulimit -Hn; cat /proc/1/comm; (echo x > /bin/x) 2>/dev/null || echo read-only; echo y > /scratch/y && cat /scratch/y")
            .With(container => container with
            {
                Properties = new()
                {
                    User = "worker",
                    ReadonlyRootFilesystem = true,
                    Ulimits = [new() { Name = "nofile", SoftLimit = 100, HardLimit = 200 }],
                    LinuxParameters = new()
                    {
                        InitProcessEnabled = true,
                        SharedMemorySize = 8,
                        Tmpfs = [new() { ContainerPath = "/scratch", Size = 4, MountOptions = ["mode=1777"] }],
                    },
                },
            });

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("1234", "100", "200", "docker-init", "read-only", "y");
    }

    [Fact]
    public async Task Volumes_of_the_host_are_shared_and_those_of_the_attempt_end_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("batch-emulator-test-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "given"), "from the host\n");
        var launch = Run("cat /host/given; echo made > /host/made; echo kept > /own/file; cat /own/file").With(container => container with
        {
            Properties = new()
            {
                Volumes = [new() { Name = "shared", Host = new() { SourcePath = folder.FullName } }, new() { Name = "own" }],
                MountPoints =
                    [new() { SourceVolume = "shared", ContainerPath = "/host" }, new() { SourceVolume = "own", ContainerPath = "/own" }],
            },
        });

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("from the host", "kept");
        (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "made"))).Should().Be("made\n");
        (await LeftBehindAsync()).Should().BeEmpty();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Containers_of_an_attempt_share_their_network_and_end_together()
    {
        var launch = Launch.Of(
            Launch.Container(_image, "sh", "-c", "echo hello | nc -l -p 8000; echo served") with { Name = "server", Essential = false },
            Launch.Container(_image, "sh", "-c", "for p in 8000 8001; do until nc 127.0.0.1 $p; do sleep 0.1; done; done; exit 5") with { Name = "client" },
            Launch.Container(_image, "sh", "-c", "echo there | nc -l -p 8001; sleep 600") with { Name = "idler", Essential = false });

        Executor.Start(launch);

        var end = await Observer.ExitedAsync(launch.Key);
        var ends = end.Should().BeOfType<AttemptExited>("it is {0}", end).Subject.Containers;
        ends.Select(end => end.Name).Should().Equal("server", "client", "idler");
        ends[1].ExitCode.Should().Be(5);
        ends[2].ExitCode.Should().Be(137);
        Observer[launch.Key].Output.Should().Contain(entry => entry.Container == "client" && entry.Line == "hello");
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Essential_container_that_ends_before_the_others_run_ends_the_attempt()
    {
        var launch = Launch.Of(
            Launch.Container(_image, "sh", "-c", "exit 6") with { Name = "main" },
            Launch.Container(_image, "sleep", "600") with { Name = "beside", Essential = false });

        Executor.Start(launch);

        (await Observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptExited>().Which.Containers[0]
            .Should().Be(new ContainerEnd("main", 6));
    }

    [Fact]
    public async Task Failing_second_container_ends_the_first()
    {
        var launch = Launch.Of(
            Launch.Container(_image, "sleep", "600") with { Name = "first" },
            Launch.Container(_image, "no-such-command") with { Name = "second" });

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).ExitCode.Should().Be(127);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Attempt_ends_when_its_container_is_removed_by_another_client()
    {
        var launch = Run("echo ready; sleep 600");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");

        await _engine!.RemoveAsync((await ContainersAsync()).Single().ID, CancellationToken.None);

        // It is a matter of luck if the engine still knows the exit code when it is asked.
        (await Observer.ExitedAsync(launch.Key)).Should().Match<AttemptEnd>(end => end is AttemptHostLost
            || ((AttemptExited)end).Containers[0].ExitCode == 137);
    }

    protected override IJobExecutor Create(IAttemptObserver observer) =>
        ExecutorOn(new DockerEngine(DockerEndpoint.Parse(_engine!.Address)), observer);

    protected override AttemptLaunch Run(string script, int exitCode = 0, string output = "", bool forever = false) =>
        Launch.Of(Launch.Container(_image, "sh", "-c", script));

    /// <summary>Waits until an attempt's containers, volumes and network are removed, which happens once its end is stored.</summary>
    protected override async Task<IReadOnlyList<string>> LeftBehindAsync()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var volumes = await _engine!.ListVolumesAsync(DockerNames.Instance, _instance, CancellationToken.None);
            IReadOnlyList<string> left =
            [
                .. (await ContainersAsync()).Select(container => $"{container.ID} {container.State}"),
                .. volumes.Select(volume => volume.Name),
                .. (await NetworksAsync()).Select(network => $"network {network.ID}"),
            ];
            if (left.Count == 0 || patience.Elapsed > TimeSpan.FromSeconds(30))
            {
                return left;
            }

            await Task.Delay(20);
        }
    }

    protected override async ValueTask PrepareAsync()
    {
        _image = await DockerTestEngine.ImageAsync();
        _engine = await DockerTestEngine.ConnectAsync();
    }

    protected override async ValueTask CleanUpAsync()
    {
        foreach (var container in await ContainersAsync())
        {
            try
            {
                await _engine!.RemoveAsync(container.ID, CancellationToken.None);
            }
            catch (DockerRefusedException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // The engine is still carrying out the executor's removal.
            }
        }

        foreach (var network in await NetworksAsync())
        {
            await _engine!.RemoveNetworkAsync(network.ID, CancellationToken.None);
        }

        _engine!.Dispose();
        if (Directory.Exists(Signal))
        {
            Directory.Delete(Signal, recursive: true);
        }
    }

    /// <summary>A folder that a test shares with its container, to let it continue.</summary>
    private string Signal => Path.Combine(Path.GetTempPath(), "batch-emulator-test-" + _instance);

    private Wire.ContainerProperties SignalMounted => new()
    {
        Volumes = [new() { Name = "t", Host = new() { SourcePath = Signal } }],
        MountPoints = [new() { SourceVolume = "t", ContainerPath = "/tmp" }],
    };

    private DockerExecutor ExecutorOn(string address, int pauses = 0) =>
        ExecutorOn(new DockerEngine(DockerEndpoint.Parse(address)), Observer, pauses);

    private DockerExecutor ExecutorOn(DockerEngine connection, IAttemptObserver observer, int pauses = 0) => new(
        observer,
        connection,
        new DockerExecutorOptions
        {
            InstanceId = _instance,
            StopGrace = ShortGrace,
            Ephemeral = _ephemeral,
            ReconnectPauses = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(100), pauses)],
        },
        (launch, _) => Task.FromResult(_linesStored.GetValueOrDefault(launch.Key)),
        NullLogger<DockerExecutor>.Instance);

    private Task<IList<ContainerListResponse>> ContainersAsync() =>
        _engine!.ListAsync(DockerNames.Instance, _instance, CancellationToken.None);
}
