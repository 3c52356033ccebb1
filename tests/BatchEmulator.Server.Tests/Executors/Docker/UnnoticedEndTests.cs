using System.Collections.Concurrent;
using System.Globalization;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>An engine that has not noticed the end of a container's process, while another container is to join its network.</summary>
public sealed class UnnoticedEndTests : IAsyncLifetime
{
    private const string GoneNetwork =
        """{"message":"failed to create shim task: OCI runtime create failed: runc create failed: unable to create new parent process: namespace path: lstat /proc/4711/ns/net: no such file or directory: unknown"}""";

    private readonly RecordingObserver _observer = new();
    private readonly ConcurrentQueue<string> _made = new();
    private WebApplication _engine = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _engine = builder.Build();
        _engine.Run(AnswerAsync);
        await _engine.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Container_gets_another_network()
    {
        var client = new DockerEngine(DockerEndpoint.Parse(_engine.Urls.Single().Replace("http://", "tcp://", StringComparison.Ordinal)));
        await using var executor = new DockerExecutor(
            _observer, client, new DockerExecutorOptions { InstanceId = "i" }, (_, _) => Task.FromResult(0L), NullLogger<DockerExecutor>.Instance);
        var launch = Launch.Of(
            Launch.Container("image", "true") with { Name = "owner", Essential = false }, Launch.Container("image", "true") with { Name = "second" });

        executor.Start(launch);

        await _observer.StartedAsync(launch.Key);
        _made.Should().HaveCount(3);
        _made.ElementAt(1).Should().Contain("\"container:1\"");
        _made.ElementAt(2).Should().NotContain("container:", "the first network is gone, and there is no other one");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/create", StringComparison.Ordinal))
        {
            using var reader = new StreamReader(context.Request.Body);
            _made.Enqueue(await reader.ReadToEndAsync());
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync($$"""{"Id":"{{_made.Count.ToString(CultureInfo.InvariantCulture)}}"}""");
        }
        else if (path.EndsWith("/2/start", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(GoneNetwork);
        }
        else if (path.EndsWith("/wait", StringComparison.Ordinal) || path.EndsWith("/logs", StringComparison.Ordinal))
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = path == "/_ping" ? 200 : 204;
        }
    }
}
