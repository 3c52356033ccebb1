using System.Text;
using System.Text.Json;
using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Hosting.Output;
using BatchEmulator.Storage.Sqlite.Logs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Logs;

/// <summary>A log store in its own folder behind the endpoint, with a clock that only moves by hand.</summary>
internal sealed class LogsHost : IAsyncDisposable
{
    public const string Group = "/aws/batch/job";
    public const string JobStream = "hello/default/0123456789abcdef";
    public static readonly Scope Here = new("123456789012", "us-east-1");
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly bool _ownsFolder;
    private readonly SqliteLogStore _file;

    public LogsHost(string? folder = null)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("logs-").FullName;
        _file = SqliteLogStore.Open(Path.Combine(Folder, "logs.db"), Clock.Now);
        Store = new(_file, Clock, NullLogger<LogWriter>.Instance);
        Endpoint = new(Store, new LargeBodies(), NullLogger<OperationServer>.Instance);
    }

    public string Folder { get; }

    public StillClock Clock { get; } = new();

    public QueuedLogStore Store { get; }

    public LogsEndpoint Endpoint { get; }

    public static long NoonMs => Noon.ToUnixTimeMilliseconds();

    /// <summary>Appends lines one second apart, from noon, and waits until they are readable.</summary>
    public async Task WriteAsync(string stream, params string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            await Store.AppendAsync(new(Here, Group, stream), Noon.AddSeconds(i), lines[i]);
        }

        await Store.FlushAsync();
    }

    public Task<LogsReply> CallAsync(string operation, string body, Scope? scope = null) =>
        SendAsync("Logs_20140328." + operation, Encoding.UTF8.GetBytes(body), scope);

    public async Task<JsonElement> OkAsync(string operation, string body, Scope? scope = null)
    {
        var reply = await CallAsync(operation, body, scope);
        reply.Status.Should().Be(200, reply.Body);
        return reply.Json;
    }

    public async Task<LogsReply> SendAsync(string? target, byte[] body, Scope? scope = null)
    {
        var context = new DefaultHttpContext();
        var response = new CompletedResponse();
        context.Features.Set<IHttpResponseFeature>(response);
        context.Request.Method = "POST";
        context.Request.Path = "/";
        context.Request.Body = new MemoryStream(body);
        if (target is not null)
        {
            context.Request.Headers["X-Amz-Target"] = target;
        }

        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await Endpoint.HandleAsync(context, scope ?? Here, "11111111-2222-3333-4444-555555555555");
        await response.CompleteAsync();
        return new(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(answer.ToArray()),
            context.Response.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    public async Task<LogsPage> GetAsync(string more = "", string stream = JobStream) => LogsPage.Of(await OkAsync(
        "GetLogEvents", $$"""{"logGroupName":"{{Group}}","logStreamName":"{{stream}}"{{(more.Length > 0 ? "," + more : "")}}}"""));

    public async Task<LogsPage> FilterAsync(string more = "") => LogsPage.Of(await OkAsync(
        "FilterLogEvents", $$"""{"logGroupName":"{{Group}}"{{(more.Length > 0 ? "," + more : "")}}}"""));

    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _file.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}

internal sealed record LogsReply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => Body.Length == 0 ? default : JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("__type").GetString()!;

    public string Message => Json.GetProperty("message").GetString()!;
}

/// <summary>A page of GetLogEvents or FilterLogEvents.</summary>
internal sealed record LogsPage(
    IReadOnlyList<string> Messages, IReadOnlyList<long> Times, IReadOnlyList<string?> Ids, string? Forward, string? Backward, string? Next)
{
    public static LogsPage Of(JsonElement page)
    {
        var events = page.GetProperty("events").EnumerateArray().ToList();
        return new(
            [.. events.Select(e => e.GetProperty("message").GetString()!)],
            [.. events.Select(e => e.GetProperty("timestamp").GetInt64())],
            [.. events.Select(e => Text(e, "eventId"))],
            Text(page, "nextForwardToken"),
            Text(page, "nextBackwardToken"),
            Text(page, "nextToken"));
    }

    private static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A clock that is moved by hand and whose timers fire only by hand.</summary>
internal sealed class StillClock : TimeProvider
{
    private readonly List<Action> _timers = [];

    public DateTimeOffset Now { get; set; } = LogsHost.Noon;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add(() => callback(state));
        return new NoTimer();
    }

    public void GoOff() => _timers.ForEach(timer => timer());

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>Disposes the objects that were registered with the response, as a server does at the end of a request.</summary>
internal sealed class CompletedResponse : HttpResponseFeature
{
    private readonly Stack<Func<Task>> _callbacks = new();

    public override void OnCompleted(Func<object, Task> callback, object state) => _callbacks.Push(() => callback(state));

    public async Task CompleteAsync()
    {
        while (_callbacks.TryPop(out var callback))
        {
            await callback();
        }
    }
}
