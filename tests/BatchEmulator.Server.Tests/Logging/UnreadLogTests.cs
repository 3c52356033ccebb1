using System.Diagnostics;

namespace BatchEmulator.Server.Tests.Logging;

public sealed class UnreadLogTests : IDisposable
{
    private const string Marker = "listening on ";

    /// <summary>
    /// Number of jobs, each of which writes several lines at this level: more than the queue of the console (2,500) and a pipe hold.
    /// </summary>
    private const int Jobs = 1_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("batch-emulator-test-");
    private readonly Process _server;

    public UnreadLogTests() => _server = Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "batch-emulator.dll"), "--port", "0", "--data", _folder.FullName, "--executor", "simulated",
            "--bootstrap", "true", "--log-level", "trace",
        ])
    {
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Server_with_unread_output_keeps_serving()
    {
        string? line;
        do
        {
            line = await _server.StandardOutput.ReadLineAsync();
            line.Should().NotBeNull("the server starts");
        }
        while (!line!.Contains(Marker, StringComparison.Ordinal));

        using var http = new HttpClient { BaseAddress = new Uri(line.Split(Marker)[1].Split(' ')[0]), Timeout = TestServer.Patience };
        await PostAsync(http, "registerjobdefinition", Requests.JobDefinition("d"));
        for (var job = 0; job < Jobs; job++)
        {
            await PostAsync(http, "submitjob", Requests.Job("job", "default", "d"));
        }
    }

    private static async Task PostAsync(HttpClient http, string operation, string body)
    {
        using var content = new StringContent(body);
        using var response = await http.PostAsync(new Uri($"/v1/{operation}", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }
}
