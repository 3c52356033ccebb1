using System.Net.Http.Headers;
using BatchEmulator.Server.Control;

namespace BatchEmulator.Server.Delivery;

/// <summary>A URL to which each event is posted as JSON, in the form in which EventBridge would deliver it.</summary>
internal sealed class WebhookTarget(Uri url) : IEventTarget
{
    private readonly HttpClient _http = DeliveryHttp.Create();

    public string Name => "webhook";

    public int BatchSize => 1;

    public int Concurrency => 16;

    public async Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(EventWriter.Write(events[0].Job, events[0].At, events[0].Id));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(url, content, cancellationToken);
        return [DeliveryResults.Of(response.StatusCode)];
    }

    public void Dispose() => _http.Dispose();
}
