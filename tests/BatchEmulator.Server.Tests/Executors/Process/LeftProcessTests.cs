using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Process;
using BatchEmulator.Server.Tests.Durability;
using Microsoft.Extensions.Logging.Abstractions;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Server.Tests.Executors.Process;

/// <summary>A command runs once, is always watched, and ends together with its processes.</summary>
public sealed class LeftProcessTests : IAsyncLifetime
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "batch-emulator-test-" + Guid.NewGuid().ToString("N"));
    private readonly RecordingObserver _observer = new();
    private ProcessExecutor? _executor;

    private ProcessExecutor Executor => _executor ??= new(
        _observer,
        new ProcessExecutorOptions { Root = _root, StopGrace = TimeSpan.FromSeconds(1) },
        TimeProvider.System,
        NullLogger<ProcessExecutor>.Instance);

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes that left their session are found by /proc.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Executor.DisposeAsync();
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }

        _observer.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task Process_that_left_the_session_ends_with_the_command()
    {
        var launch = Script("setsid sh -c 'echo $$; echo > started; exec sleep 600' & until [ -e started ]; do sleep 0.01; done");

        Executor.Start(launch);

        (await _observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
        Processes.Lives(_observer.Lines(launch.Key).Single()).Should().BeFalse("an end is reported when everything has ended");
    }

    [Fact]
    public async Task Process_that_left_the_session_ends_with_a_stop()
    {
        var launch = Script("setsid sh -c 'trap \"\" TERM; echo $$; while true; do sleep 1; done' & sleep 600");
        Executor.Start(launch);
        await WroteAsync(launch.Key, 1);

        Executor.Stop(launch.Key);

        (await _observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(143);
        Processes.Lives(_observer.Lines(launch.Key)[0]).Should().BeFalse();
    }

    [Fact]
    public async Task Process_that_left_the_session_ends_with_the_server()
    {
        var launch = Script("setsid sh -c 'echo $$; exec sleep 600' & sleep 600");
        Executor.Start(launch);
        await WroteAsync(launch.Key, 1);

        await Executor.DisposeAsync();

        Processes.Lives(_observer.Lines(launch.Key)[0]).Should().BeFalse();
    }

    [Fact]
    public async Task End_of_a_container_leaves_processes_of_others_running()
    {
        var launch = Launch.Of(
            Shell("main", "setsid sh -c 'echo $$; echo > started; exec sleep 600' & sleep 600"),
            Shell("beside", "until [ -e ../main/started ]; do sleep 0.01; done") with { Essential = false },
            Shell("after", "echo after") with { Essential = false, DependsOn = [new("beside", ContainerCondition.Complete)] });

        Executor.Start(launch);
        await _observer.WroteAsync(launch.Key, "after");
        await WroteAsync(launch.Key, 2);

        var id = _observer.Lines(launch.Key).Single(line => line != "after");
        Processes.Lives(id).Should().BeTrue();
        Executor.Stop(launch.Key);
        await _observer.ExitedAsync(launch.Key);
        Processes.Lives(id).Should().BeFalse();
    }

    [Fact]
    public async Task Start_that_cannot_be_noted_ends_the_process_and_the_attempt()
    {
        var launch = Script($"echo $$ > '{_root}/id'; exec sleep 600");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        // A full disk: the kernel's own device answers every write like that.
        File.CreateSymbolicLink(Path.Combine(folder.ToString(), "default.process.new"), "/dev/full");

        Executor.Start(launch);

        (await _observer.NotStartedAsync(launch.Key)).Reason.Should().StartWith("CannotCreateContainerError: ").And.Contain("space");
        var id = Path.Combine(_root, "id");
        if (File.Exists(id) && await File.ReadAllTextAsync(id) is { Length: > 0 } text)
        {
            Processes.Lives(text.Trim()).Should().BeFalse();
        }

        OsProcess.GetProcessesByName("sleep").Should().NotContain(process => IsOf(process, launch));
    }

    [Fact]
    public async Task Process_is_not_started_if_its_start_cannot_be_noted()
    {
        var launch = Script($"echo > '{_root}/ran'");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        File.CreateSymbolicLink(Path.Combine(folder.ToString(), "default.begun.new"), "/dev/full");

        Executor.Start(launch);

        (await _observer.NotStartedAsync(launch.Key)).Reason.Should().StartWith("CannotCreateContainerError: ");
        File.Exists(Path.Combine(_root, "ran")).Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_that_had_begun_is_lost_and_not_run_again(bool isProcessKnown)
    {
        var launch = Script("exit 0");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Announce("default", MarkedProcesses.NewMark(launch.Key));
        if (isProcessKnown)
        {
            folder.Note("default", int.MaxValue, "long/ago", MarkedProcesses.NewMark(launch.Key));
        }

        var taken = await Executor.RecoverAsync([new(launch, null)], CancellationToken.None);

        taken.Should().Equal(launch.Key);
        (await _observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptHostLost>();
        _observer[launch.Key].Starts.Should().Be(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_ended_with_the_server_is_not_run_again_unless_its_start_is_stored(bool isStored)
    {
        var launch = Script("echo begun; sleep 600");
        Executor.Start(launch);
        await WroteAsync(launch.Key, 1);
        _observer.Stores = isStored;

        await Executor.DisposeAsync();

        AttemptFolder.Of(_root, launch.Key).HasBegun.Should().Be(!isStored, "a stored start needs no note: such an attempt is lost anyway");
        _observer[launch.Key].Ends.Should().Be(0);
    }

    [Fact]
    public async Task Command_that_had_not_begun_is_still_to_start()
    {
        var launch = Script("exit 0");
        AttemptFolder.Of(_root, launch.Key).Make("default");

        (await Executor.RecoverAsync([new(launch, null)], CancellationToken.None)).Should().BeEmpty();
        Executor.Start(launch);

        (await _observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task End_that_cannot_be_read_is_a_lost_attempt()
    {
        var launch = Script("exit 0");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Announce("default", MarkedProcesses.NewMark(launch.Key));
        await File.WriteAllTextAsync(Path.Combine(folder.ToString(), "end.json"), "");

        var taken = await Executor.RecoverAsync([new(launch, null)], CancellationToken.None);

        taken.Should().Equal(launch.Key);
        (await _observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptHostLost>();
    }

    [Fact]
    public async Task Command_that_could_not_be_started_had_not_begun()
    {
        var launch = Script("").With(container => container with { Command = ["/no/such/program"] });
        var folder = AttemptFolder.Of(_root, launch.Key);

        Executor.Start(launch);

        await _observer.NotStartedAsync(launch.Key);
        folder.HasBegun.Should().BeFalse();
    }

    [Fact]
    public async Task Process_of_another_running_server_is_left_alone()
    {
        var launch = Script("exit 0");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        var mark = MarkedProcesses.NewMark(launch.Key);
        using var server = Marked("NOTHING=1");
        using var command = Marked(mark);
        // The situation of a copy of a running server's data folder.
        var note = new ProcessNote(mark, $"{server.Id} {ProcessGroup.BirthOf(server.Id)}", command.Id, ProcessGroup.BirthOf(command.Id)!);
        await File.WriteAllTextAsync(Path.Combine(folder.ToString(), "default.process"), note.ToString());

        await Executor.RecoverAsync([], CancellationToken.None);

        command.HasExited.Should().BeFalse();
        server.Kill();
        await server.WaitForExitAsync();
        folder.Make("default");
        await File.WriteAllTextAsync(Path.Combine(folder.ToString(), "default.process"), note.ToString());
        await Executor.RecoverAsync([], CancellationToken.None);
        await command.WaitForExitAsync().WaitAsync(TestServer.Patience);
    }

    private static OsProcess Marked(string variable)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/setsid", ["sleep", "600"]);
        start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        return OsProcess.Start(start)!;
    }

    private static bool IsOf(OsProcess process, AttemptLaunch launch)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Contains(launch.Key.JobId, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ContainerLaunch Shell(string name, string script) =>
        Launch.Container("any", "/bin/sh", "-c", script) with { Name = name };

    private static AttemptLaunch Script(string script) => Launch.Of(Shell(Launch.OnlyContainer, script));

    private async Task WroteAsync(AttemptKey key, int lines)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (_observer.Lines(key).Count < lines)
        {
            await _observer[key].Wrote.WaitAsync(patience.Token);
        }
    }
}
