using System.Net.Http.Headers;
using BatchEmulator.Outgoing;

namespace BatchEmulator.Hosting.Events;

/// <summary>Posts each event as JSON to a URL, in the form in which EventBridge would deliver it.</summary>
internal sealed class WebhookTarget(Uri url) : IEventTarget
{
    private readonly HttpClient _http = OutgoingHttp.Create();

    public string Name => "webhook";

    public int BatchSize => 1;

    public int Concurrency => 16;

    public async Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(events[0].Json.Bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // Only the status matters, however long the body is.
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return [DeliveryResult.Of(response.StatusCode)];
    }

    public void Dispose() => _http.Dispose();
}
