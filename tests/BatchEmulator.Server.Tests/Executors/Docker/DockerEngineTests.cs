using System.Collections.Concurrent;
using System.Net;
using BatchEmulator.Executors.Docker.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Calls, from the point of view of an engine.</summary>
public sealed class DockerEngineTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _asked = new();
    private WebApplication _app = null!;
    private DockerEngine _engine = null!;
    private string _version = "";
    private (int Status, string Body) _answer = (204, "");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        _engine = new(DockerEndpoint.Parse(_app.Urls.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("1.41", "v1.41")]
    [InlineData("1.99", "v1.47")]
    [InlineData("", "v1.47")]
    public async Task Version_is_agreed_upon_once(string offered, string asked)
    {
        _version = offered;

        await _engine.StartAsync("a", CancellationToken.None);
        await _engine.KillAsync("a", CancellationToken.None);

        _asked.Should().Equal("GET /_ping", $"POST /{asked}/containers/a/start", $"POST /{asked}/containers/a/kill");
    }

    [Fact]
    public async Task Version_follows_a_replaced_engine()
    {
        _version = "1.41";
        await _engine.StartAsync("a", CancellationToken.None);
        _version = "1.45";

        await _engine.PingAsync(CancellationToken.None);
        await _engine.StartAsync("a", CancellationToken.None);

        _asked.Last().Should().Be("POST /v1.45/containers/a/start");
    }

    [Theory]
    [InlineData(0, "t=1")]
    [InlineData(1.5, "t=2")]
    [InlineData(30, "t=30")]
    public async Task Grace_is_passed_in_whole_seconds(double seconds, string told)
    {
        await _engine.StopAsync("a", TimeSpan.FromSeconds(seconds), CancellationToken.None);

        _asked.Last().Should().Be($"POST /v1.47/containers/a/stop?{told}");
    }

    [Theory]
    [InlineData("""{"message":"No such container: a"}""", "No such container: a")]
    [InlineData("""{"cause":"x","message":"no container","response":404}""", "no container")]
    [InlineData("<html>nothing here</html>", "<html>nothing here</html>")]
    [InlineData("", "")]
    public async Task Refusal_has_the_engines_message(string body, string sentence)
    {
        _answer = (404, body);

        var call = await _engine.Awaiting(one => one.InspectAsync("a", CancellationToken.None))
            .Should().ThrowAsync<DockerRefusedException>();
        var log = await _engine.Awaiting(one => one.OpenLogAsync("a", sinceSecond: null, follow: false, CancellationToken.None))
            .Should().ThrowAsync<DockerRefusedException>();

        call.Which.Message.Should().Be(sentence);
        call.Which.Status.Should().Be(HttpStatusCode.NotFound);
        log.Which.Message.Should().Be(sentence);
        log.Which.Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pull_that_fails_midway_is_refused()
    {
        _answer = (200, """
            {"status":"Pulling from x","id":"latest"}
            {"errorDetail":{"message":"no space left on device"},"error":"no space left on device"}
            """);

        (await _engine.Awaiting(one => one.PullAsync("x", CancellationToken.None)).Should().ThrowAsync<DockerRefusedException>())
            .Which.Message.Should().Be("no space left on device");
        _asked.Last().Should().Be("POST /v1.47/images/create?fromImage=x%3Alatest");
    }

    [Fact]
    public async Task Truncated_answer_counts_as_an_unreachable_engine()
    {
        _answer = (200, """{"Id":"a",""");

        await _engine.Awaiting(one => one.InspectAsync("a", CancellationToken.None)).Should().ThrowAsync<DockerUnreachableException>();
    }

    private Task AnswerAsync(HttpContext context)
    {
        _asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (context.Request.Path == "/_ping")
        {
            context.Response.Headers["Api-Version"] = _version;
            return context.Response.WriteAsync("OK");
        }

        context.Response.StatusCode = _answer.Status;
        return _answer.Status == 204 ? Task.CompletedTask : context.Response.WriteAsync(_answer.Body);
    }
}
