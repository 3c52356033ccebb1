using System.Text.Json;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>Environment variables of the server do not reach jobs.</summary>
[Trait("Section", "8")]
public sealed class JobVariablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-env-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Job_inherits_only_the_variables_that_programs_need()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        await using var server = await ServerProcess.StartAsync(
            [],
            [
                ("AWS_ACCESS_KEY_ID", "secret"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_SESSION_TOKEN", "secret"),
                ("AWS_PROFILE", "secret"), ("GITHUB_TOKEN", "secret"), ("HTTPS_PROXY", "http://user:secret@proxy"),
                ("http_proxy", "http://user:secret@proxy"),
                ("BATCH_EMULATOR_X", "secret"), ("DOTNET_X", "secret"), ("SSH_AUTH_SOCK", "secret"), ("LD_PRELOAD_X", "secret"),
                ("PATH", "/usr/bin:/bin"), ("HOME", _folder), ("USER", "somebody"), ("LOGNAME", "somebody"), ("TMPDIR", _folder),
                ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("TZ", "Europe/Berlin"),
            ],
            ["--data", Path.Combine(_folder, "data"), "--executor", "process", "--bootstrap", "--job-env", "GIVEN=a=b"]);

        // A program without a shell: a shell adds variables.
        await server.OkAsync("RegisterJobDefinition", Requests.JobDefinition("env", "any", "env", "-0"));
        var job = (await server.OkAsync("SubmitJob", Requests.Job("env", "default", "env"))).GetProperty("jobId").GetString()!;
        var ended = await server.WaitForEndAsync(job);

        var variables = (await OutputAsync(server, ended)).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        variables.Values.Should().NotContain(value => value.Contains("secret"));
        variables.Keys.Where(name => !name.StartsWith("AWS_", StringComparison.Ordinal)).Should().BeEquivalentTo(
            "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "TZ", "GIVEN", "BATCH_EMULATOR_ATTEMPT");
        variables.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).Should()
            .Contain("AWS_BATCH_JOB_ID").And.NotContain(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"]);
        variables["GIVEN"].Should().Be("a=b");
    }

    private static async Task<string> OutputAsync(ServerProcess server, JsonElement job)
    {
        var stream = job.GetProperty("container").GetProperty("logStreamName").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent($$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}"""),
        };
        request.Headers.Add("X-Amz-Target", "Logs_20140328.GetLogEvents");
        using var response = await server.Http.SendAsync(request);
        using var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return string.Join('\n', page.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("message").GetString()));
    }
}
