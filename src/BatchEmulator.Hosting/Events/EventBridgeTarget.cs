using System.Text.Json;
using BatchEmulator.Outgoing;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// An endpoint that takes EventBridge's PutEvents (API Reference, PutEvents): the default bus of the job's account and Region gets each
/// event. AWS itself refuses sources that begin with <c>aws.</c>; other emulators do not.
/// </summary>
internal sealed class EventBridgeTarget(Uri url, AwsCredentials? credentials) : IEventTarget
{
    /// <summary>PutEvents accepts 256 KiB at once; the rest is for the members around the details.</summary>
    private const int MaximumDetails = 200 * 1024;

    /// <summary>Errors after which a repetition would fail in the same way.</summary>
    private static readonly string[] FinalErrors =
    [
        "NotAuthorizedForSourceException", "NotAuthorizedForDetailTypeException", "InvalidArgument", "InvalidAccountIdException",
        "MalformedDetail",
    ];

    private readonly HttpClient _http = OutgoingHttp.Create();

    public string Name => "eventbridge";

    public int BatchSize => 10;

    public int Concurrency => 4;

    public async Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        var results = new DeliveryResult[events.Count];
        Array.Fill(results, new DeliveryResult.Again("a call before it failed"));
        foreach (var call in Calls(events))
        {
            try
            {
                await SendAsync(call, results, cancellationToken);
            }
            catch (Exception exception)
                when (OutgoingHttp.IsFailure(exception, cancellationToken) && results.Any(r => r is not DeliveryResult.Again))
            {
                // Events that an earlier call has delivered or refused are not sent again.
                break;
            }
        }

        return results;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Groups events into as few calls as possible: a call is for one account and Region, and within the size limit.</summary>
    private static IEnumerable<List<Entry>> Calls(IReadOnlyList<JobEvent> events)
    {
        foreach (var scope in events.Select((e, index) => new Entry(e, index)).GroupBy(e => e.Event.Scope))
        {
            var call = new List<Entry>();
            foreach (var entry in scope)
            {
                if (call.Count > 0 && call.Sum(e => e.Event.Json.Detail.Length) + entry.Event.Json.Detail.Length > MaximumDetails)
                {
                    yield return call;
                    call = [];
                }

                call.Add(entry);
            }

            yield return call;
        }
    }

    private async Task SendAsync(List<Entry> call, DeliveryResult[] results, CancellationToken cancellationToken)
    {
        var body = Body(call);
        var scope = call[0].Event.Scope;
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        // As SDKs do with emulators: without other credentials, the access key is the account.
        var signer = credentials ?? new AwsCredentials(scope.Account, "test", SessionToken: null);
        AwsSignature.Sign(request, body, "AWSEvents.PutEvents", scope.Region, "events", signer, TimeProvider.System.GetUtcNow());
        using var response = await _http.SendAsync(request, cancellationToken);
        var result = DeliveryResult.Of(response.StatusCode);
        var errors = result is DeliveryResult.Delivered
            ? ErrorsOf(await response.Content.ReadAsByteArrayAsync(cancellationToken), call.Count)
            : null;
        for (var index = 0; index < call.Count; index++)
        {
            results[call[index].Index] = errors?[index] is not { } error ? result
                : FinalErrors.Contains(error) ? new DeliveryResult.Refused($"it answers {error}")
                : new DeliveryResult.Again($"it answers {error}");
        }
    }

    private static byte[] Body(List<Entry> call)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, EventWriter.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Entries");
            foreach (var (put, _) in call)
            {
                writer.WriteStartObject();
                writer.WriteString("Source", EventWriter.Source);
                writer.WriteString("DetailType", put.DetailType);
                writer.WriteNumber("Time", put.At.ToUnixTimeSeconds());
                writer.WriteStartArray("Resources");
                foreach (var arn in put.Resources)
                {
                    writer.WriteStringValue(arn);
                }

                writer.WriteEndArray();
                writer.WriteString("Detail", put.Json.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Returns the error of each entry, null for an accepted one; null if all were accepted.</summary>
    private static string?[]? ErrorsOf(byte[] answer, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (!document.RootElement.TryGetProperty("FailedEntryCount", out var failed) || failed.GetInt32() == 0)
            {
                return null;
            }

            var errors = document.RootElement.GetProperty("Entries").EnumerateArray()
                .Select(e => e.TryGetProperty("ErrorCode", out var code) ? code.GetString() : null).ToArray();
            return errors.Length == count ? errors : throw new HttpRequestException("PutEvents answered for another number of entries.");
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new HttpRequestException($"PutEvents did not answer with the documented JSON: {exception.Message}", exception);
        }
    }

    /// <param name="Event">The event.</param>
    /// <param name="Index">Its index among the events to be sent.</param>
    private sealed record Entry(JobEvent Event, int Index);
}
