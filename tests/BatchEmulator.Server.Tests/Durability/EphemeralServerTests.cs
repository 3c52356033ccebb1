namespace BatchEmulator.Server.Tests.Durability;

/// <summary>Servers that keep everything in memory.</summary>
public sealed class EphemeralServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;

    [Fact]
    public async Task Ephemeral_server_stores_nothing_on_disk()
    {
        await using (var server = await ServerProcess.StartAsync([], [("TMPDIR", _folder)], ["--ephemeral", "--executor", "simulated", "--bootstrap"]))
        {
            var job = await server.WaitForEndAsync(await server.SubmitAsync("true"));

            job.GetProperty("status").GetString().Should().Be("SUCCEEDED");
            var data = Folders().Should().ContainSingle().Subject;
            Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).Should().BeEquivalentTo("lock", "ephemeral");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IEnumerable<string> Folders() => Directory.EnumerateDirectories(_folder, "batch-emulator-*");
}
