using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BatchEmulator.Executors.Docker;

/// <summary>
/// The calls of the Docker Engine API that running jobs needs; Podman answers the same ones. Every call throws
/// <see cref="DockerRefusedException"/> when the engine says no and <see cref="DockerUnreachableException"/> when there is none.
/// Calls have no time limit of their own: the caller's token is the limit.
/// </summary>
internal sealed class DockerClient : IDisposable
{
    /// <summary>The newest API version whose documents this client was written against; an older engine gets its own version.</summary>
    private static readonly Version NewestApiVersion = new(1, 47);

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private readonly DockerEndpoint _endpoint;
    private readonly HttpClient _http;
    private string? _versionPrefix;

    public DockerClient(DockerEndpoint endpoint)
    {
        _endpoint = endpoint;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => _endpoint.ConnectAsync(cancellationToken),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://docker/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Address => _endpoint.Address;

    /// <summary>The first engine of this machine that answers, or null.</summary>
    public static async Task<DockerClient?> FindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var address in DockerEndpoint.Candidates())
        {
            DockerClient? client = null;
            try
            {
                client = new DockerClient(DockerEndpoint.Parse(address));
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(ProbePatience);
                await client.PingAsync(patience.Token);
                return client;
            }
            catch (Exception exception) when (exception is DockerUnreachableException or DockerRefusedException or FormatException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                client?.Dispose();
            }
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks the engine whether it is there, and agrees on the API version.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, "_ping", content: null, cancellationToken);
        var offered = response.Headers.TryGetValues("Api-Version", out var values)
            && Version.TryParse(values.FirstOrDefault(), out var parsed)
            ? parsed
            : NewestApiVersion;
        _versionPrefix = $"v{(offered < NewestApiVersion ? offered : NewestApiVersion).ToString(2)}/";
    }

    /// <returns>The container's id.</returns>
    public async Task<string> CreateAsync(string name, CreateContainerRequest request, CancellationToken cancellationToken)
    {
        // Serialized at once: the engine's HTTP server answers bodies of known length faster than chunked ones.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, DockerJson.Default.CreateContainerRequest));
        content.Headers.ContentType = new("application/json");
        var path = $"containers/create?name={Uri.EscapeDataString(name)}";
        return (await ReadAsync(HttpMethod.Post, path, content, DockerJson.Default.CreatedContainer, cancellationToken)).Id;
    }

    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"containers/{id}/start", cancellationToken);

    /// <summary>
    /// Begins to wait for the container's end, also if it has ended already; returns once the engine has taken the request.
    /// The response's body follows when the container ends: <see cref="ExitCodeAsync"/>.
    /// </summary>
    public Task<HttpResponseMessage> OpenWaitAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"containers/{id}/wait?condition=not-running", content: null, cancellationToken);

    public async Task<int> ExitCodeAsync(HttpResponseMessage wait, CancellationToken cancellationToken) =>
        (await ParseAsync(wait, DockerJson.Default.WaitedContainer, cancellationToken)).StatusCode;

    /// <summary>SIGTERM (or the image's stop signal), the grace, SIGKILL; returns when the container has ended.</summary>
    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var seconds = ((long)Math.Ceiling(grace.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return DoAsync(HttpMethod.Post, $"containers/{id}/stop?t={seconds}", cancellationToken);
    }

    public Task KillAsync(string id, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"containers/{id}/kill", cancellationToken);

    /// <summary>Removes the container, running or not, with its anonymous volumes.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"containers/{id}?force=1&v=1", cancellationToken);

    public Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, $"containers/{id}/json", content: null, DockerJson.Default.InspectedContainer, cancellationToken);

    /// <summary>The container's output with time stamps; the stream ends with the container if it follows.</summary>
    public async Task<Stream> OpenLogAsync(string id, long? sinceSecond, bool follow, CancellationToken cancellationToken)
    {
        var since = sinceSecond is { } second ? "&since=" + second.ToString(CultureInfo.InvariantCulture) : "";
        var path = $"containers/{id}/logs?stdout=1&stderr=1&timestamps=1&follow={(follow ? 1 : 0)}{since}";
        var response = await CallAsync(HttpMethod.Get, path, content: null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>All containers, ended ones too, that carry the label.</summary>
    public Task<IReadOnlyList<ListedContainer>> ListAsync(string label, string value, CancellationToken cancellationToken) =>
        ReadAsync(
            HttpMethod.Get,
            $"containers/json?all=1&filters={LabelFilter(label, value)}",
            content: null,
            DockerJson.Default.IReadOnlyListListedContainer,
            cancellationToken);

    public async Task<IReadOnlyList<ListedVolume>> ListVolumesAsync(string label, string value, CancellationToken cancellationToken)
    {
        var path = $"volumes?filters={LabelFilter(label, value)}";
        return (await ReadAsync(HttpMethod.Get, path, content: null, DockerJson.Default.ListedVolumes, cancellationToken)).Volumes ?? [];
    }

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"volumes/{Uri.EscapeDataString(name)}?force=1", cancellationToken);

    /// <summary>Makes a network on which containers reach each other and the world, but no others reach them.</summary>
    public Task CreateNetworkAsync(CreateNetworkRequest request, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, DockerJson.Default.CreateNetworkRequest));
        content.Headers.ContentType = new("application/json");
        return DoAsync(HttpMethod.Post, "networks/create", cancellationToken, content);
    }

    public Task<IReadOnlyList<ListedNetwork>> ListNetworksAsync(string label, string value, CancellationToken cancellationToken) => ReadAsync(
        HttpMethod.Get, $"networks?filters={LabelFilter(label, value)}", content: null, DockerJson.Default.IReadOnlyListListedNetwork, cancellationToken);

    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"networks/{Uri.EscapeDataString(name)}", cancellationToken);

    public async Task<bool> HasImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(HttpMethod.Get, $"images/{WithTag(image)}/json", cancellationToken);
            return true;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Pulls an image and returns when it is there.</summary>
    /// <exception cref="DockerRefusedException">The registry or the engine refused.</exception>
    public async Task PullAsync(string image, CancellationToken cancellationToken)
    {
        var path = $"images/create?fromImage={Uri.EscapeDataString(WithTag(image))}";
        using var response = await CallAsync(HttpMethod.Post, path, content: null, cancellationToken);
        try
        {
            // A pull that fails on its way is answered with 200 and tells the failure as one of its progress documents.
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Length > 0 && JsonSerializer.Deserialize(line, DockerJson.Default.PullProgress)?.Error is { } error)
                {
                    throw new DockerRefusedException(HttpStatusCode.InternalServerError, error);
                }
            }
        }
        catch (Exception exception) when (IsTransport(exception) || exception is JsonException)
        {
            throw new DockerUnreachableException(Address, exception);
        }
    }

    /// <summary>Makes an image of a tar archive of its root file system, as <c>docker import</c> does.</summary>
    public async Task ImportAsync(Stream tar, string repository, string tag, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(tar);
        content.Headers.ContentType = new("application/x-tar");
        var path = $"images/create?fromSrc=-&repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}";
        using var response = await CallAsync(HttpMethod.Post, path, content, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    /// <summary>The API takes a name without a tag as "every tag of it".</summary>
    internal static string WithTag(string image) =>
        image.Contains('@', StringComparison.Ordinal) || image.LastIndexOf(':') > image.LastIndexOf('/') ? image : image + ":latest";

    private static string LabelFilter(string label, string value)
    {
        var filter = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["label"] = [$"{label}={value}"] };
        return Uri.EscapeDataString(JsonSerializer.Serialize(filter, DockerJson.Default.DictionaryStringStringArray));
    }

    private static bool IsTransport(Exception exception) => exception is HttpRequestException or IOException or SocketException;

    private async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken, HttpContent? content = null)
    {
        using (content)
        using (await CallAsync(method, path, content, cancellationToken))
        {
        }
    }

    private async Task<T> ReadAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await CallAsync(method, path, content, cancellationToken);
        return await ParseAsync(response, type, cancellationToken);
    }

    private async Task<T> ParseAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw new DockerUnreachableException(Address, cause: null);
        }
        catch (Exception exception) when (IsTransport(exception) || exception is JsonException)
        {
            // An engine that shuts down cuts its answers off.
            throw new DockerUnreachableException(Address, exception);
        }
    }

    private async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        if (_versionPrefix is null)
        {
            await PingAsync(cancellationToken);
        }

        return await SendAsync(method, _versionPrefix + path, content, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            {
                return response;
            }

            using (response)
            {
                throw new DockerRefusedException(response.StatusCode, await MessageAsync(response, cancellationToken));
            }
        }
        catch (Exception exception) when (IsTransport(exception))
        {
            throw new DockerUnreachableException(Address, exception);
        }
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(text, DockerJson.Default.EngineMessage)?.Message ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
