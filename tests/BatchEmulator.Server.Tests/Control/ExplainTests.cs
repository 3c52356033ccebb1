using BatchEmulator.Server.Commands;

namespace BatchEmulator.Server.Tests.Control;

public sealed class ExplainTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"));
        await _server.RegisterAsync("d");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Waiting_job_is_explained_in_data_and_in_sentences()
    {
        var first = await _server.SubmitAsync(
            "default", "d", "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"3600\"}]}");
        var waiting = await _server.SubmitAsync("default", "d", $"\"dependsOn\":[{{\"jobId\":\"{first}\"}}]");
        await _server.WaitForAsync(first, "RUNNING");

        var explanation = await _server.ControlAsync($"explain/{waiting}");

        explanation.GetProperty("status").GetString().Should().Be("PENDING");
        explanation.GetProperty("dependsOn")[0].GetProperty("jobId").GetString().Should().Be(first);
        explanation.GetProperty("sentences")[0].GetString().Should().StartWith("It waits for job ").And.EndWith("which is RUNNING.");
    }

    [Fact]
    public async Task Finished_job_is_explained_by_id_and_by_arn()
    {
        var job = await _server.SubmitAsync("default", "d");
        var arn = (await _server.WaitForAsync(job, "SUCCEEDED")).GetProperty("jobArn").GetString();

        foreach (var name in new[] { job, arn })
        {
            var explanation = await _server.ControlAsync($"explain/{name}");
            explanation.GetProperty("sentences")[0].GetString().Should().StartWith("It succeeded at ");
        }
    }

    [Theory]
    [InlineData("GET", "nope", 404)]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "%F0%9F%98%80", 404)]
    [InlineData("POST", "nope", 405)]
    public async Task Unknown_job_and_wrong_method_are_refused(string method, string job, int status)
    {
        var reply = await _server.SendAsync(new HttpMethod(method), $"/_emulator/explain/{job}");

        reply.Status.Should().Be(status);
    }

    [Fact]
    public async Task Command_prints_the_sentences_and_fails_for_an_unknown_job()
    {
        var job = await _server.SubmitAsync("default", "d");
        await _server.WaitForAsync(job, "SUCCEEDED");

        var (code, output) = await RunAsync(job);
        code.Should().Be(0);
        output.Should().MatchRegex($@"^\S+ \({job}\) is SUCCEEDED\.\r?\nIt succeeded at ");

        (await RunAsync("nope")).Should().Be((1, $"{_server.Address}/ has no job nope.{Environment.NewLine}"));
    }

    private async Task<(int Code, string Output)> RunAsync(string job)
    {
        var output = new StringWriter();
        return (
            await ExplainCommand.ExplainAsync(new Uri(_server.Address), job, output, TestContext.Current.CancellationToken),
            output.ToString());
    }
}
