using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Http;
using BatchEmulator.Server.Logs;
using BatchEmulator.Server.Settings;
using BatchEmulator.Server.Storage.Sqlite;

namespace BatchEmulator.Server.Control;

/// <summary>The emulator's own endpoints under <c>/_emulator</c>; no AWS path begins so.</summary>
internal sealed class ControlEndpoint(
    ServerSettings settings, IJobExecutor executor, EngineMailbox mailbox, SqliteBatchQueries queries, LogStore logs, EventStream events)
{
    public const string Prefix = "/_emulator";

    public static string Version { get; } =
        typeof(ControlEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public Task HandleAsync(HttpContext context, PathString path) => (context.Request.Method, path.Value) switch
    {
        ("GET", "/health") => WriteAsync(context, new Health("ok"), ControlJson.Default.Health),
        ("GET", "/info") => WriteAsync(
            context,
            new ServerInfo(Version, executor.Name, settings.Scope.Account, settings.Scope.Region, queries.Count()),
            ControlJson.Default.ServerInfo),
        ("POST", "/reset") => ResetAsync(context),
        ("GET", "/events") => events.HandleAsync(context),
        (_, "/health" or "/info" or "/reset" or "/events") => WireError.WrongMethod.WriteAsync(context.Response),
        _ => WireError.UnknownOperation.WriteAsync(context.Response),
    };

    private async Task ResetAsync(HttpContext context)
    {
        await mailbox.ExecuteAsync(new Command<ResetDone>(Reset.Decide), context.RequestAborted);
        await logs.DeleteAllAsync();
        await WriteAsync(context, new Health("ok"), ControlJson.Default.Health);
    }

    private static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
