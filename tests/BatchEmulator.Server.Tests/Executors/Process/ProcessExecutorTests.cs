using System.Diagnostics;
using System.Globalization;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Process;
using Microsoft.Extensions.Logging.Abstractions;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Server.Tests.Executors.Process;

public sealed class ProcessExecutorTests : JobExecutorConformance
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "batch-emulator-test-" + Guid.NewGuid().ToString("N"));

    protected override bool RunsCommands => true;

    protected override bool TakesUpAgain => false;

    [Fact]
    public async Task Missing_command_is_refused_with_the_reason()
    {
        var launch = Launch.Of(Launch.Container("postgres:16"));

        Executor.Start(launch);

        (await Observer.NotStartedAsync(launch.Key)).Reason.Should().Contain("postgres:16").And.Contain("entry point");
    }

    [Fact]
    public async Task Entry_point_goes_before_the_command()
    {
        var launch = Launch.Of(Launch.Container("any", "said") with { EntryPoint = ["echo", "it is"] });

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer.Lines(launch.Key).Should().Equal("it is said");
    }

    [Fact]
    public async Task Every_attempt_has_its_own_empty_folder()
    {
        var launches = Enumerable.Range(0, 3).Select(_ => Run("pwd; ls | wc -l; echo x > left-over")).ToList();

        launches.ForEach(Executor.Start);

        foreach (var launch in launches)
        {
            await Observer.ExitedAsync(launch.Key);
            Observer.Lines(launch.Key)[0].Should().StartWith(_root);
            Observer.Lines(launch.Key)[1].Trim().Should().Be("0");
        }

        launches.Select(launch => Observer.Lines(launch.Key)[0]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Signal_is_reported_as_exit_code()
    {
        var launch = Run("kill -SEGV $$");

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(139);
    }

    [Fact]
    public async Task Stop_reaches_the_whole_tree()
    {
        var launch = Run("trap '' TERM; sh -c 'sleep 600 & echo $!; wait' & echo $!; wait; sleep 600", forever: true);
        Executor.Start(launch);
        while (Observer.Lines(launch.Key).Count < 2)
        {
            await Observer[launch.Key].Wrote.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Executor.Stop(launch.Key);

        await Observer.ExitedAsync(launch.Key);
        foreach (var process in Observer.Lines(launch.Key))
        {
            await GoneAsync(process);
        }
    }

    [Fact]
    public async Task Process_in_the_background_does_not_outlive_the_command()
    {
        var launch = Run("sleep 600 & echo $!");

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
        await GoneAsync(Observer.Lines(launch.Key)[0]);
    }

    [Fact]
    public async Task Process_that_left_the_session_does_not_delay_the_end_of_the_attempt()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setsid"), "There is no setsid here.");
        var launch = Run("setsid sleep 20 & sleep 0.2; echo done");

        Executor.Start(launch);

        (await Observer.ContainerEndAsync(launch.Key)).ExitCode.Should().Be(0);
        Observer.Lines(launch.Key).Should().Equal("done");
    }

    [Fact]
    public async Task End_of_one_essential_container_ends_the_others()
    {
        var launch = Launch.Of(
            Launch.Container("any", "sh", "-c", "exit 7") with { Name = "main" },
            Launch.Container("any", "sleep", "600") with { Name = "beside", Essential = false });

        Executor.Start(launch);

        (await Observer.ExitedAsync(launch.Key)).Should().BeOfType<AttemptExited>().Which.Containers.Should()
            .Equal(new ContainerEnd("main", 7), new ContainerEnd("beside", 143));
    }

    [Fact]
    public async Task Processes_of_a_dead_server_are_killed_and_their_folders_removed()
    {
        var launch = Run("sleep 600", forever: true);
        using var left = OsProcess.Start("/usr/bin/setsid", ["sleep", "600"]);
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Note("default", left.Id, ProcessGroup.BirthOf(left.Id)!, "");

        var taken = await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        taken.Should().BeEmpty();
        await left.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Directory.EnumerateFileSystemEntries(_root).Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Children_of_a_dead_command_are_found_by_their_session(bool isNotedTooLate)
    {
        var launch = Run("sleep 600", forever: true);
        var start = new ProcessStartInfo("/usr/bin/setsid", ["sh", "-c", "sleep 600 & echo $!; read end"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["AWS_BATCH_JOB_ID"] = launch.Key.JobId;
        using var leader = OsProcess.Start(start)!;
        var note = ProcessGroup.NoteOf(leader.Id);
        var child = await leader.StandardOutput.ReadLineAsync();
        leader.StandardInput.Close();
        await leader.WaitForExitAsync();
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Note("default", leader.Id, isNotedTooLate ? ProcessGroup.NoteOf(leader.Id) : note, "AWS_BATCH_JOB_ID=" + launch.Key.JobId);

        await Executor.RecoverAsync([], CancellationToken.None);

        await GoneAsync(child!);
    }

    [Fact]
    public async Task Attempt_whose_end_was_not_reported_is_reported_after_a_restart()
    {
        var launch = Run("exit 3");
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.NoteEnd([new ContainerEnd("default", 3, "because")]);

        var taken = await Executor.RecoverAsync([new(launch, null)], CancellationToken.None);

        taken.Should().Equal(launch.Key);
        (await Observer.ContainerEndAsync(launch.Key)).Should().Be(new ContainerEnd("default", 3, "because"));
        Observer[launch.Key].Starts.Should().Be(1);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Command_whose_id_was_never_noted_is_found_by_its_mark()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc to look into.");
        var launch = Run("sleep 600", forever: true);
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Announce("default", "AWS_BATCH_JOB_ID=" + launch.Key.JobId);
        var start = new ProcessStartInfo("/usr/bin/setsid", ["sleep", "600"]);
        start.Environment["AWS_BATCH_JOB_ID"] = launch.Key.JobId;
        using var command = OsProcess.Start(start)!;

        await Executor.RecoverAsync([], CancellationToken.None);

        await command.WaitForExitAsync().WaitAsync(TestServer.Patience);
        command.ExitCode.Should().Be(137);
    }

    [Fact]
    public async Task Process_that_only_has_the_same_id_is_left_alone()
    {
        var launch = Run("sleep 600", forever: true);
        using var other = OsProcess.Start("/usr/bin/setsid", ["sleep", "600"]);
        var folder = AttemptFolder.Of(_root, launch.Key);
        folder.Make("default");
        folder.Note("default", other.Id, ProcessGroup.BirthOf(other.Id) + "1", "AWS_BATCH_JOB_ID=" + launch.Key.JobId);

        await Executor.RecoverAsync([], CancellationToken.None);

        other.HasExited.Should().BeFalse();
        other.Kill();
    }

    [Fact]
    public async Task End_of_the_server_ends_running_attempts_without_reports()
    {
        var launch = Run("trap '' TERM; echo $$; while true; do sleep 0.05; done", forever: true);
        Executor.Start(launch);
        while (Observer.Lines(launch.Key).Count == 0)
        {
            await Observer[launch.Key].Wrote.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await Executor.DisposeAsync();

        await GoneAsync(Observer.Lines(launch.Key)[0]);
        Observer[launch.Key].Ends.Should().Be(0);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    protected override IJobExecutor Create(IAttemptObserver observer) => new ProcessExecutor(
        observer,
        new ProcessExecutorOptions { Root = _root, StopGrace = ShortGrace },
        TimeProvider.System,
        NullLogger<ProcessExecutor>.Instance);

    protected override AttemptLaunch Run(string script, int exitCode = 0, string output = "", bool forever = false) =>
        Launch.Of(Launch.Container("any", "/bin/sh", "-c", script));

    /// <summary>Waits until an attempt's folder is removed, which happens once its end is stored.</summary>
    protected override async Task<IReadOnlyList<string>> LeftBehindAsync()
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            IReadOnlyList<string> left = Directory.Exists(_root) ? [.. Directory.EnumerateFileSystemEntries(_root)] : [];
            if (left.Count == 0 || patience.Elapsed > TestServer.Patience)
            {
                return left;
            }

            await Task.Delay(20);
        }
    }

    protected override ValueTask PrepareAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands of these tests are for a POSIX shell.");
        return ValueTask.CompletedTask;
    }

    protected override ValueTask CleanUpAsync()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A killed process exists until its parent has waited for it.</summary>
    private static async Task GoneAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (ProcessGroup.BirthOf(int.Parse(id, CultureInfo.InvariantCulture)) is not null)
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
