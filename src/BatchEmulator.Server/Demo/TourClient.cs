using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Hosting;

namespace BatchEmulator.Server.Demo;

/// <summary>Client of the tour: speaks AWS Batch and CloudWatch Logs over the wire, like any client, and reads the event stream.</summary>
internal sealed class TourClient(Uri address) : IDisposable
{
    private const string EventPrefix = "data: ";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    /// <exception cref="TourException">The server refused.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        // The route of an operation of CloudWatch Logs is its X-Amz-Target.
        var isRest = operation.Route.StartsWith('/');
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, operation.Request));
        content.Headers.ContentType = new MediaTypeHeaderValue(isRest ? "application/json" : "application/x-amz-json-1.1");
        using var message = new HttpRequestMessage(HttpMethod.Post, isRest ? operation.Route : "/") { Content = content };
        if (!isRest)
        {
            message.Headers.Add("X-Amz-Target", operation.Route);
        }

        using var response = await _http.SendAsync(message, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize(body, operation.Response)!
            : throw new TourException($"{operation.Name}: {MessageOf(body)}");
    }

    /// <summary>Connects to the event stream; it contains everything that happens after this call has returned.</summary>
    public async Task<StreamReader> OpenEventsAsync(CancellationToken cancellationToken)
    {
        var stream = await _http.GetStreamAsync(new Uri($"{Emulator.ControlPath}/events", UriKind.Relative), cancellationToken);
        var reader = new StreamReader(stream);
        await reader.ReadLineAsync(cancellationToken);
        return reader;
    }

    /// <summary>Reads the state changes of jobs.</summary>
    public static async IAsyncEnumerable<JobDetail> ReadJobChangesAsync(
        StreamReader events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await events.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(EventPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            using var document = JsonDocument.Parse(line.AsMemory(EventPrefix.Length));
            if (document.RootElement.GetProperty("detail-type").GetString() == "Batch Job State Change")
            {
                yield return document.RootElement.GetProperty("detail").Deserialize(BatchJson.Wire.JobDetail)!;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static string MessageOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("message").GetString() ?? "";
    }
}

/// <summary>The server refused a request of the tour.</summary>
internal sealed class TourException(string message) : Exception(message);
