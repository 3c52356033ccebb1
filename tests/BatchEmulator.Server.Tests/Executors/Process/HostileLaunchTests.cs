using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Process;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Process;

/// <summary>Launches with names and words that only jobs from before the validation can have.</summary>
public sealed class HostileLaunchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
    private readonly RecordingObserver _observer = new();
    private ProcessExecutor? _executor;

    public static TheoryData<string> Names =>
        ["", ".", "..", "../..", "/", "/etc", "a b", "a/b", "a\\b", "a\nb", "end.json", "x.process", "con", "Ä", new string('x', 300)];

    private string Root => Path.Combine(_folder, "attempts");

    private ProcessExecutor Executor => _executor ??= new(
        _observer, new ProcessExecutorOptions { Root = Root }, TimeProvider.System, NullLogger<ProcessExecutor>.Instance);

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands of these tests are for a POSIX shell.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Executor.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Container_of_any_name_has_its_own_folder_inside_its_attempt(string name)
    {
        var launch = Launch.Of(Shell(name, "pwd; echo x > file; ls -A"), Shell("main", "sleep 600") with { Essential = false });

        Executor.Start(launch);
        await _observer.ExitedAsync(launch.Key);

        var attempt = AttemptFolder.Of(Root, launch.Key).ToString();
        var lines = _observer.Lines(launch.Key);
        Path.GetDirectoryName(lines[0]).Should().Be(attempt);
        Path.GetFileName(lines[0]).Should().NotBe("main");
        lines[1].Should().Be("file");
        lines.Should().HaveCount(2, "nothing else is in its folder");
    }

    [Fact]
    public async Task Similar_names_have_different_folders()
    {
        string[] names = ["a b", "a/b", "a.b", "a-b", "A-b", "ab", "..", "."];
        var launch = Launch.Of([.. names.Select(name => Shell(name, "pwd; sleep 600") with { Essential = false })]);

        Executor.Start(launch);
        await WroteAsync(launch.Key, names.Length);

        _observer.Lines(launch.Key).Select(line => line.ToUpperInvariant()).Should().OnlyHaveUniqueItems();
        Executor.Stop(launch.Key);
        await _observer.ExitedAsync(launch.Key);
    }

    [Theory]
    [InlineData("sh", "-c", "echo cut; exit 0 \0 off")]
    [InlineData("true\0", "x", "y")]
    [InlineData("true", "\0", "")]
    public async Task Command_with_a_nul_does_not_start(params string[] command)
    {
        var launch = Launch.Of(Launch.Container("any", command));

        Executor.Start(launch);

        var end = await _observer.NotStartedAsync(launch.Key);
        end.Reason.Should().StartWith("CannotStartContainerError: ").And.Contain("the command contains a NUL");
        _observer.Lines(launch.Key).Should().BeEmpty();
    }

    [Theory]
    [InlineData("NAME", "cut\0off")]
    [InlineData("NA\0ME", "value")]
    public async Task Variable_with_a_nul_does_not_start(string name, string value)
    {
        var launch = Launch.Of(Launch.Container("any", "env") with { Environment = [new(name, value)] });

        Executor.Start(launch);

        var end = await _observer.NotStartedAsync(launch.Key);
        end.Reason.Should().StartWith("CannotStartContainerError: ").And.Contain("variable NA").And.Contain("contains a NUL");
        _observer.Lines(launch.Key).Should().BeEmpty();
    }

    private static ContainerLaunch Shell(string name, string script) =>
        Launch.Container("any", "/bin/sh", "-c", script) with { Name = name };

    private async Task WroteAsync(AttemptKey key, int lines)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (_observer.Lines(key).Count < lines)
        {
            await _observer[key].Wrote.WaitAsync(patience.Token);
        }
    }
}
