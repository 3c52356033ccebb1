using System.Runtime.Versioning;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>Files of a server are accessible to its user only, whatever the umask.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IAsyncLifetime
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everything = Others | OfOwner | UnixFileMode.UserExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-private-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead of modes.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0027")]
    [InlineData("0777")]
    public async Task Files_of_a_server_are_private(string umask)
    {
        var seen = Path.Combine(_folder, "seen");
        await using var server = await StartAsync(umask);
        var job = await server.SubmitAsync($"umask > '{seen}'; mkdir folder && echo x > folder/file && cat folder/file; sleep 600");
        await Processes.LinesAsync(seen, 1);
        foreach (var file in new[] { "batch.db", "batch.db-wal", "batch.db-shm", "logs.db", "logs.db-wal", "logs.db-shm", "lock" })
        {
            File.GetUnixFileMode(Path.Combine(Data, file)).Should().Be(OfOwner, file);
        }

        var attempts = Path.Combine(Data, "attempts");
        var attempt = Directory.GetDirectories(attempts).Should().ContainSingle().Which;
        foreach (var folder in new[] { Data, attempts, attempt, Path.Combine(attempt, "default") })
        {
            File.GetUnixFileMode(folder).Should().Be(OfOwner | UnixFileMode.UserExecute, folder);
        }

        Directory.GetFiles(attempt).Should().NotBeEmpty();
        Directory.GetFiles(attempt).Should().OnlyContain(file => (File.GetUnixFileMode(file) & Others) == UnixFileMode.None);
        (await File.ReadAllTextAsync(seen)).Trim().Should().Be(umask, "what a job creates is the job's affair");
        var described = await server.OkAsync("DescribeJobs", $$"""{"jobs":["{{job}}"]}""");
        described.GetProperty("jobs")[0].GetProperty("status").GetString().Should().BeOneOf("STARTING", "RUNNING");
    }

    [Fact]
    public async Task Files_for_simulated_jobs_are_private()
    {
        await using var server = await StartAsync("0000", "simulated");
        using var rules = new StringContent("""{"rules":[]}""");
        using var change = new StringContent("""{"advance":"1h"}""");

        (await server.Http.PutAsync(new Uri("/_emulator/outcomes", UriKind.Relative), rules)).IsSuccessStatusCode.Should().BeTrue();
        (await server.Http.PostAsync(new Uri("/_emulator/clock", UriKind.Relative), change)).IsSuccessStatusCode.Should().BeTrue();

        Directory.GetFiles(Data).Should().Contain([Path.Combine(Data, "outcomes.json"), Path.Combine(Data, "clock-lead")])
            .And.OnlyContain(file => File.GetUnixFileMode(file) == OfOwner);
    }

    [Fact]
    public async Task Existing_folder_is_restricted_and_foreign_files_are_left_alone()
    {
        await using (await StartAsync("0000"))
        {
        }

        var notes = Path.Combine(Data, "notes.txt");
        await File.WriteAllTextAsync(notes, "mine");
        string[] open = [notes, Data, .. new[] { "batch.db", "logs.db", "lock" }.Select(name => Path.Combine(Data, name))];
        Array.ForEach(open, path => File.SetUnixFileMode(path, Everything));

        await using var server = await StartAsync("0000");

        foreach (var path in open.Skip(1))
        {
            (File.GetUnixFileMode(path) & Others).Should().Be(UnixFileMode.None, path);
        }

        File.GetUnixFileMode(notes).Should().Be(Everything);
    }

    [Fact]
    public async Task Folder_that_everybody_shares_stays_open()
    {
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, Everything | UnixFileMode.StickyBit);

        await using var server = await StartAsync("0000");

        File.GetUnixFileMode(Data).Should().Be(Everything | UnixFileMode.StickyBit);
        File.GetUnixFileMode(Path.Combine(Data, "batch.db")).Should().Be(OfOwner);
        server.Kill();
        (await server.EndAsync()).Output.Should().ContainSingle(line => line.Contains(Data) && line.Contains("shared"));
    }

    [Fact]
    public async Task Folder_of_another_user_is_used_with_a_warning()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"),
            "Only root can become somebody else.");
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, Everything);
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

        await using var server = await ServerProcess.StartAsync(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], [], ["--data", Data, "--executor", "simulated"]);

        File.GetUnixFileMode(Data).Should().Be(Everything);
        File.GetUnixFileMode(Path.Combine(Data, "batch.db")).Should().Be(OfOwner);
        server.Kill();
        (await server.EndAsync()).Output.Should().ContainSingle(line => line.Contains(Data) && line.Contains("mode cannot be changed"));
    }

    private Task<ServerProcess> StartAsync(string umask, string executor = "process") => ServerProcess.StartAsync(
        ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"], [], ["--data", Data, "--executor", executor, "--bootstrap"]);
}
