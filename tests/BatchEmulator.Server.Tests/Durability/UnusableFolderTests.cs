using System.Runtime.Versioning;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>An unusable data folder is refused in one line that names the file, the cause, and the remedy.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnusableFolderTests : IDisposable
{
    private static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-unusable-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private string Database => Path.Combine(Data, "batch.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Database_of_a_newer_version_is_refused()
    {
        await CreateAsync();
        using (var connection = SqliteDatabase.OpenWriter(Database))
        {
            Run(connection, "PRAGMA user_version = 999");
        }

        (await LineAsync()).Should().Contain(Database).And.Contain("newer version").And.Contain("999").And.Contain("--data");
    }

    [Fact]
    public async Task File_other_than_a_database_is_refused()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Database, string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1000)));

        (await LineAsync()).Should().Contain($"{Database} is damaged").And.Contain("not a database").And.Contain("backup");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task Truncated_database_is_refused(long length)
    {
        await CreateAsync();
        await using (var file = File.OpenWrite(Database))
        {
            file.Length.Should().BeGreaterThan(length);
            file.SetLength(length);
        }

        (await LineAsync()).Should().Contain($"{Database} is damaged").And.Contain("backup");
        new FileInfo(Database).Length.Should().Be(length, "nothing was repaired away");
    }

    [Fact]
    public async Task Database_with_garbage_in_its_middle_is_refused()
    {
        await CreateAsync();
        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 4096].Select((_, index) => (byte)(index * 7)).ToArray());
        }

        (await LineAsync()).Should().Contain($"{Database} is damaged").And.Contain("backup");
    }

    [Fact]
    public async Task Folder_that_is_a_file_is_refused()
    {
        await File.WriteAllTextAsync(Data, "");

        (await LineAsync()).Should().Contain($"{Data} is a file").And.Contain("--data");
        var below = Path.Combine(Data, "below");
        (await RefusedStart.LineAsync(["--data", below])).Should().Contain(below).And.Contain("name another folder");
    }

    [Fact]
    public async Task Folder_of_a_running_server_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(Data, "simulated");

        (await LineAsync()).Should().Contain(Data).And.Contain("in use by another running server");

        (await server.Http.GetAsync(new Uri("/_emulator/health", UriKind.Relative))).IsSuccessStatusCode.Should().BeTrue();
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_refused()
    {
        NeedsAnotherUser();
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Open(_folder);

        (await LineAsync(AsNobody)).Should().Contain(Data).And.Contain("denied").And.Contain("writable").And.Contain("--data");
    }

    [Theory]
    [InlineData("batch.db")]
    [InlineData("logs.db")]
    [InlineData("outcomes.json")]
    public async Task File_of_another_user_is_refused(string name)
    {
        NeedsAnotherUser();
        await CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "outcomes.json"), """{"rules":[]}""");
        File.SetUnixFileMode(Path.Combine(Data, "outcomes.json"), UnixFileMode.UserRead);
        foreach (var file in Directory.GetFiles(Data).Where(file => Path.GetFileName(file) != name))
        {
            Chown(file);
        }

        Chown(Data);
        Open(_folder);

        (await LineAsync(AsNobody)).Should().Contain(Path.Combine(Data, name)).And.Contain("denied").And.Contain("--data");
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("newer")]
    public async Task Unreadable_log_is_set_aside(string kind)
    {
        await CreateAsync();
        var logs = Path.Combine(Data, "logs.db");
        if (kind == "damaged")
        {
            await File.WriteAllTextAsync(logs, string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1000)));
            await File.WriteAllTextAsync(logs + "-wal", "and its log");
        }
        else
        {
            using var connection = SqliteDatabase.OpenWriter(logs);
            Run(connection, "PRAGMA user_version = 999");
        }

        var before = await File.ReadAllBytesAsync(logs);
        await using var server = await ServerProcess.StartAsync([], [], ["--data", Data, "--executor", "process", "--bootstrap"]);

        var kept = Directory.GetFiles(Data, "logs.db.damaged-*").Single(file => file.EndsWith('Z'));
        (await File.ReadAllBytesAsync(kept)).Should().Equal(before);
        File.Exists(kept + "-wal").Should().Be(kind == "damaged");
        var job = await server.SubmitAsync("echo written");
        (await server.WaitForEndAsync(job)).GetProperty("status").GetString().Should().Be("SUCCEEDED");
        server.Kill();
        (await server.EndAsync()).Output.Should().ContainSingle(line => line.Contains(logs) && line.Contains(kept));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("move")]
    [InlineData("replace")]
    public async Task Removal_of_the_folder_ends_a_running_server(string how)
    {
        await using var server = await ServerProcess.StartAsync([], [], ["--data", Data, "--executor", "process", "--bootstrap"]);
        await server.SubmitAsync("sleep 600");
        if (how == "move")
        {
            Directory.Move(Data, Data + "-elsewhere");
        }
        else
        {
            Directory.Delete(Data, recursive: true);
        }

        if (how == "replace")
        {
            Directory.CreateDirectory(Data);
            await File.WriteAllTextAsync(Path.Combine(Data, "lock"), "");
            await File.WriteAllTextAsync(Database, "");
        }

        var (exitCode, output) = await server.EndAsync();

        exitCode.Should().Be(1);
        output.Where(line => line.Contains("was deleted or replaced")).Should().ContainSingle().Which.Should().Contain(Data);
        output.Should().NotContain(line => line.Contains("   at "), "a stack trace is of no use here");
    }

    [Fact]
    public async Task Ephemeral_server_whose_folder_is_deleted_ends()
    {
        await using var server = await ServerProcess.StartAsync([], [("TMPDIR", _folder)], ["--ephemeral", "--executor", "simulated"]);
        Directory.Delete(Directory.GetDirectories(_folder, "batch-emulator-*").Single(), recursive: true);

        var (exitCode, output) = await server.EndAsync();

        exitCode.Should().Be(1);
        output.Should().NotContain(line => line.Contains("   at "));
    }

    [Fact]
    public async Task Write_ahead_log_of_a_refused_database_is_kept()
    {
        await CreateAsync();
        await File.WriteAllTextAsync(Database, "This is a shopping list.");
        await File.WriteAllTextAsync(Database + "-wal", "something that can be saved");

        (await LineAsync()).Should().Contain($"{Database} is damaged");

        (await File.ReadAllTextAsync(Database + "-wal")).Should().Be("something that can be saved");
    }

    /// <summary>Creates a folder that a server has used, with some content.</summary>
    private async Task CreateAsync()
    {
        await using var server = await TestServer.StartAsync(("data", Data), ("bootstrap", "true"));
        await server.RegisterAsync("d", "any", "true");
    }

    private Task<string> LineAsync(IReadOnlyList<string>? wrapper = null) => RefusedStart.LineAsync(["--data", Data], wrapper);

    private static void Run(SqliteConnection connection, string sql)
    {
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }

    private static void NeedsAnotherUser() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"),
        "Permissions mean nothing to root, and only root can become somebody else.");

    private static void Open(string folder) => File.SetUnixFileMode(
        folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    private static void Chown(string path)
    {
        using var chown = System.Diagnostics.Process.Start("chown", ["65534:65534", path]);
        chown.WaitForExit();
    }
}
