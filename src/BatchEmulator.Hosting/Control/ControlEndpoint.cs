using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Output;
using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Hosting.Control;

/// <summary>The emulator's own endpoints under <c>/_emulator</c>; no AWS path begins so.</summary>
internal sealed partial class ControlEndpoint(
    EmulatorOptions options, IJobExecutor executor, EngineMailbox mailbox, IBatchQueries queries, QueuedLogStore logs, EventStream events,
    ClockEndpoint clock, OutcomesEndpoint outcomes, MetricsEndpoint metrics, HealthEndpoint health, ExplainEndpoint explain,
    CostEndpoint cost, FaultsEndpoint faults, Bootstrap bootstrap, ReadLane reads, LargeBodies bodies, EmulatorLifetime lifetime,
    ILogger<ControlEndpoint> logger)
{
    public const string Prefix = "/_emulator";

    private const string ExplainPrefix = "/explain/";

    private const int MaximumNameInError = 200;

    private const int MaximumBody = 4 * 1024;

    public static string Version { get; } =
        typeof(ControlEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public async Task HandleAsync(HttpContext context, PathString path)
    {
        try
        {
            await DispatchAsync(context, path);
        }
        catch (ClientException exception)
        {
            await WireError.Client(exception.Message).WriteAsync(context.Response);
        }
        catch (UnreadableBodyException exception)
        {
            // The start of the next request is unknown.
            context.Response.Headers.Connection = "close";
            await (WireError.Client(exception.Message) with { Status = exception.Status }).WriteAsync(context.Response);
        }
        catch (PayloadTooLargeException)
        {
            await WireError.TooLarge.WriteAsync(context.Response);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await Failure(context, exception).WriteAsync(context.Response);
        }
    }

    /// <summary>Returns the response to a failure that the caller did not cause, such as a full disk.</summary>
    private WireError Failure(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case EngineStoppedException:
                // The engine has logged the reason.
                return WireError.Unavailable(exception.Message);
            case OperationCanceledException:
                return WireError.Unavailable("The server is shutting down.");
            case IOException or UnauthorizedAccessException or StorageException:
                RequestFailed(context.Request.Method, context.Request.Path, exception);
                return WireError.Unavailable(exception.Message);
            default:
                RequestFailed(context.Request.Method, context.Request.Path, exception);
                return WireError.Internal;
        }
    }

    private Task DispatchAsync(HttpContext context, PathString path) => (context.Request.Method, path.Value) switch
    {
        ("GET", "/health") => CheckHealthAsync(context),
        ("GET", "/info") => ShowInfoAsync(context),
        ("POST", "/reset") => ResetAsync(context),
        ("GET", "/events") => events.HandleAsync(context),
        ("GET", "/clock") => WriteAsync(context, clock.State, ControlJson.Default.ClockState),
        ("POST", "/clock") => ChangeClockAsync(context),
        ("GET", "/outcomes") => WriteAsync(context, outcomes.Json),
        ("PUT", "/outcomes") => ReplaceOutcomesAsync(context),
        ("GET", "/faults") => ShowFaultsAsync(context),
        ("POST", "/faults") => ChangeFaultsAsync(context),
        ("GET", "/metrics") => ShowMetricsAsync(context),
        ("GET", "/cost") => ShowCostAsync(context),
        ("GET", { } given) when given.StartsWith(ExplainPrefix, StringComparison.Ordinal) =>
            ExplainAsync(context, given[ExplainPrefix.Length..]),
        (_, { } given) when given.StartsWith(ExplainPrefix, StringComparison.Ordinal) => WireError.WrongMethod.WriteAsync(context.Response),
        (_, "/health" or "/info" or "/reset" or "/events" or "/clock" or "/outcomes" or "/faults" or "/metrics" or "/cost") =>
            WireError.WrongMethod.WriteAsync(context.Response),
        _ => WireError.UnknownOperation.WriteAsync(context.Response),
    };

    private async Task ShowInfoAsync(HttpContext context)
    {
        var counts = await reads.RunAsync(queries.Count, context.RequestAborted);
        var info = new ServerInfo(Version, executor.Name, options.Scope.Account, options.Scope.Region, JsonOf(counts));
        await WriteAsync(context, info, ControlJson.Default.ServerInfo);
    }

    private static JsonObject JsonOf(EntityCounts counts)
    {
        var json = new JsonObject();
        foreach (var (kind, count) in counts.Resources)
        {
            json[kind] = count;
        }

        json["jobDefinitions"] = counts.JobDefinitions;
        json["jobs"] = new JsonObject(counts.Jobs.Select(jobs => KeyValuePair.Create(jobs.Key, (JsonNode?)jobs.Value)));
        return json;
    }

    private async Task ShowMetricsAsync(HttpContext context) =>
        await WriteAsync(context, await metrics.TextAsync(context.RequestAborted), MetricsEndpoint.ContentType);

    private async Task ShowCostAsync(HttpContext context) => await WriteAsync(
        context, await cost.ReadAsync(context.Request.Query, context.RequestAborted), ControlJson.Default.CostReport);

    private async Task ExplainAsync(HttpContext context, string job)
    {
        if (await explain.ExplainAsync(job, context.RequestAborted) is { } explanation)
        {
            await WriteAsync(context, explanation, ControlJson.Default.JobExplanation);
        }
        else
        {
            var error = WireError.Client($"There is no job {Excerpt.Of(job, MaximumNameInError)}.");
            await (error with { Status = StatusCodes.Status404NotFound }).WriteAsync(context.Response);
        }
    }

    private async Task CheckHealthAsync(HttpContext context)
    {
        var (answer, isUsable) = await health.CheckAsync();
        context.Response.StatusCode = isUsable ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await WriteAsync(context, answer, ControlJson.Default.Health);
    }

    private async Task ChangeClockAsync(HttpContext context)
    {
        var change = await ParseAsync(context, ClockChange.Parse, "The body must be a JSON object with pause, advance or jump.");
        await WriteAsync(context, await clock.ChangeAsync(change, context.RequestAborted), ControlJson.Default.ClockState);
    }

    private async Task ShowFaultsAsync(HttpContext context) =>
        await WriteAsync(context, await faults.StateAsync(context.RequestAborted), ControlJson.Default.FaultsState);

    private async Task ChangeFaultsAsync(HttpContext context)
    {
        var change = await ParseAsync(context, FaultsEndpoint.Parse, FaultsEndpoint.Refusal);
        await WriteAsync(context, await faults.ChangeAsync(change, context.RequestAborted), ControlJson.Default.FaultsState);
    }

    private async Task ReplaceOutcomesAsync(HttpContext context)
    {
        outcomes.Replace(await ReadAsync(context, OutcomesEndpoint.MaximumBody));
        await WriteAsync(context, outcomes.Json);
    }

    /// <exception cref="ClientException">The body is not JSON, or the change makes no sense.</exception>
    private async Task<T> ParseAsync<T>(HttpContext context, Func<JsonElement, T> parse, string refusal)
    {
        try
        {
            using var document = JsonDocument.Parse(await ReadAsync(context, MaximumBody), new() { AllowDuplicateProperties = false });
            return parse(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An escaped half of a surrogate pair is found only when its text is read, as an invalid operation.
            throw ClientException.Refused(refusal);
        }
    }

    private async Task<byte[]> ReadAsync(HttpContext context, int limit)
    {
        var sequence = await BodyReader.ReadAsync(context.Request, limit, bodies) ?? throw new PayloadTooLargeException(limit);
        var body = sequence.ToArray();
        context.Request.BodyReader.AdvanceTo(sequence.End);
        return body;
    }

    /// <summary>
    /// Resets the server. The clock and the rules in memory come first: the engine's work after its own reset uses neither. Their files
    /// follow when the engine has committed its reset: if it cannot, the server stops, and the next start finds everything unchanged.
    /// </summary>
    private async Task ResetAsync(HttpContext context)
    {
        // If the log output cannot be deleted at the moment, nothing has changed yet.
        await logs.FlushAsync();
        outcomes.Reset();
        faults.Clear();
        await clock.ResetAsync();
        // Not the caller's token: the reset has begun and is completed.
        await mailbox.ExecuteAsync(new Command<ResetDone>(Reset.Decide), CancellationToken.None);
        outcomes.Forget();
        clock.Forget();
        await logs.RemoveAllAsync();
        if (options.Bootstrap)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.Stopping);
            await bootstrap.RunAsync(options.Scope, ending.Token);
        }

        await WriteAsync(context, new Health("ok"), ControlJson.Default.Health);
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static async Task WriteAsync(HttpContext context, byte[] body, string contentType = "application/json")
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void RequestFailed(string method, PathString path, Exception exception);
}
