using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BatchEmulator.Server.Tests.Demo;

/// <summary>A container engine that has no images and reaches no registry.</summary>
internal sealed class ImagelessEngine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImagelessEngine(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single().Replace("http://", "tcp://", StringComparison.Ordinal);

    public static async Task<ImagelessEngine> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context =>
        {
            var path = context.Request.Path.Value!;
            context.Response.StatusCode = path == "/_ping" ? 200 : path.EndsWith("/images/create", StringComparison.Ordinal) ? 500 : 404;
            return context.Response.WriteAsync(path == "/_ping" ? "OK" : """{"message":"no such host"}""");
        });
        await app.StartAsync();
        return new ImagelessEngine(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
