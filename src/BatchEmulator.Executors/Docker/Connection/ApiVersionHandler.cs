namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// Agrees on an API version with the engine, before the first call and with every ping, and requests it in the path of all others. The
/// client library sends one version to every engine, or none.
/// </summary>
internal sealed class ApiVersionHandler(HttpMessageHandler engine) : DelegatingHandler(engine)
{
    private const string Ping = "/_ping";

    /// <summary>The newest API version that the executor was written against; an older engine gets its own version.</summary>
    private static readonly Version Newest = new(1, 47);

    private string? _prefix;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (address.AbsolutePath == Ping)
        {
            return await AgreeAsync(request, cancellationToken);
        }

        if (_prefix is null)
        {
            using var ping = new HttpRequestMessage(HttpMethod.Get, new Uri(address, Ping));
            var answer = await AgreeAsync(ping, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return answer;
            }

            answer.Dispose();
        }

        request.RequestUri = new Uri(address, _prefix + address.PathAndQuery);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> AgreeAsync(HttpRequestMessage ping, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(ping, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            var told = answer.Headers.TryGetValues("Api-Version", out var values) ? values.FirstOrDefault() : null;
            var isOlder = Version.TryParse(told, out var offered) && offered < Newest;
            _prefix = $"/v{(isOlder ? offered! : Newest).ToString(2)}";
        }

        return answer;
    }
}
