using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// The calls of the Docker Engine API that running jobs requires; Podman answers the same ones. Every call throws
/// <see cref="DockerRefusedException"/> if the engine refuses and <see cref="DockerUnreachableException"/> if there is none. Calls have no
/// time limit; the caller's token limits them.
/// </summary>
internal sealed class DockerEngine : IDisposable
{
    private readonly DockerClient _client;
    private readonly HttpClient _http;

    public DockerEngine(DockerEndpoint endpoint)
    {
        Address = endpoint.Address;
        var handler = EngineTransport.HandlerFor(endpoint);
        _http = new HttpClient(handler, disposeHandler: false) { BaseAddress = EngineTransport.Root, Timeout = Timeout.InfiniteTimeSpan };
        _client = new DockerClientBuilder()
            .WithEndpoint(EngineTransport.Root)
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(new EngineTransport(), handler)
            .Build();
    }

    public string Address { get; }

    public void Dispose()
    {
        _http.Dispose();
        _client.Dispose();
    }

    public Task PingAsync(CancellationToken cancellationToken) => AskAsync(() => _client.System.PingAsync(cancellationToken));

    /// <returns>Id of the container.</returns>
    public async Task<string> CreateAsync(CreateContainerParameters container, CancellationToken cancellationToken) =>
        (await AskAsync(() => _client.Containers.CreateContainerAsync(container, cancellationToken))).ID;

    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(() => _client.Containers.StartContainerAsync(id, cancellationToken: cancellationToken));

    /// <summary>Waits for the container's end; returns at once if it has ended already.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync(string id, CancellationToken cancellationToken) =>
        (int)(await AskAsync(() => _client.Containers.WaitContainerAsync(id, cancellationToken))).StatusCode;

    /// <summary>
    /// Sends SIGTERM (or the image's stop signal), waits for the grace, sends SIGKILL; returns when the container has ended.
    /// </summary>
    /// <param name="id">The container.</param>
    /// <param name="grace">Grace, rounded up to whole seconds, at least one: the engine takes a missing number for ten.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var stop = new ContainerStopParameters { WaitBeforeKillSeconds = (uint)Math.Max(1, Math.Ceiling(grace.TotalSeconds)) };
        return AskAsync(() => _client.Containers.StopContainerAsync(id, stop, cancellationToken));
    }

    public Task KillAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(() => _client.Containers.KillContainerAsync(id, new ContainerKillParameters(), cancellationToken));

    /// <summary>Removes the container, running or not, with its anonymous volumes.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var removal = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
        return AskAsync(() => _client.Containers.RemoveContainerAsync(id, removal, cancellationToken));
    }

    public Task<ContainerInspectResponse> InspectAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(() => _client.Containers.InspectContainerAsync(id, cancellationToken));

    /// <summary>
    /// Opens the container's output with time stamps, as frames; the stream ends with the container if it follows. The client library
    /// inspects the container first, and does not show where a frame ends.
    /// </summary>
    public Task<Stream> OpenLogAsync(string id, long? sinceSecond, bool follow, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        // Podman takes a zero for the present time.
        var since = sinceSecond is { } second ? $"&since={second}" : "";
        var path = $"containers/{id}/logs?stdout=1&stderr=1&timestamps=1&follow={(follow ? 1 : 0)}{since}";
        var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return await response.Content.ReadAsStreamAsync(cancellationToken);
        }

        using (response)
        {
            throw new DockerApiException(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    });

    /// <summary>Lists all containers, running or not, that carry the label.</summary>
    public Task<IList<ContainerListResponse>> ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        var containers = new ContainersListParameters { All = true, Filters = Labelled(label, value) };
        return AskAsync(() => _client.Containers.ListContainersAsync(containers, cancellationToken));
    }

    public async Task<IList<VolumeResponse>> ListVolumesAsync(string label, string value, CancellationToken cancellationToken)
    {
        var volumes = new VolumesListParameters { Filters = Labelled(label, value) };
        return (await AskAsync(() => _client.Volumes.ListAsync(volumes, cancellationToken))).Volumes ?? [];
    }

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(() => _client.Volumes.RemoveAsync(name, cancellationToken: cancellationToken));

    public Task<bool> HasNetworkAsync(string name, CancellationToken cancellationToken) =>
        ExistsAsync(() => _client.Networks.InspectNetworkAsync(name, cancellationToken));

    /// <summary>Creates a network on which containers reach each other and the world, but no others reach them.</summary>
    public Task CreateNetworkAsync(string name, IDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var network = new NetworksCreateParameters { Name = name, Driver = "bridge", Labels = labels };
        return AskAsync(() => _client.Networks.CreateNetworkAsync(network, cancellationToken));
    }

    public Task<IList<NetworkResponse>> ListNetworksAsync(string label, string value, CancellationToken cancellationToken)
    {
        var networks = new NetworksListParameters { Filters = Labelled(label, value) };
        return AskAsync(() => _client.Networks.ListNetworksAsync(networks, cancellationToken));
    }

    public Task RemoveNetworkAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(() => _client.Networks.DeleteNetworkAsync(name, cancellationToken));

    public Task<bool> HasImageAsync(string image, CancellationToken cancellationToken) =>
        ExistsAsync(() => _client.Images.InspectImageAsync(WithTag(image), cancellationToken));

    /// <summary>Pulls an image; completes when the image is present.</summary>
    /// <exception cref="DockerRefusedException">The registry or the engine refused.</exception>
    public async Task PullAsync(string image, CancellationToken cancellationToken)
    {
        // A pull that fails midway is answered with 200 and reports the failure as one of its progress documents.
        var pull = new ImagesCreateParameters { FromImage = WithTag(image) };
        var progress = new PullProgress();
        await AskAsync(() => _client.Images.CreateImageAsync(pull, authConfig: null, progress, cancellationToken));
        if (progress.Failure is { } failure)
        {
            throw new DockerRefusedException(HttpStatusCode.InternalServerError, failure);
        }
    }

    /// <summary>The API interprets a name without a tag as "every tag of it".</summary>
    private static string WithTag(string image) =>
        image.Contains('@', StringComparison.Ordinal) || image.LastIndexOf(':') > image.LastIndexOf('/') ? image : image + ":latest";

    private static Dictionary<string, IDictionary<string, bool>> Labelled(string label, string value) => new(StringComparer.Ordinal)
    {
        ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{label}={value}"] = true },
    };

    private async Task<bool> ExistsAsync<T>(Func<Task<T>> inspect)
    {
        try
        {
            await AskAsync(inspect);
            return true;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private Task AskAsync(Func<Task> call) => AskAsync(async () =>
    {
        await call();
        return true;
    });

    private async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (DockerApiException exception)
        {
            throw new DockerRefusedException(exception.StatusCode, DockerJson.MessageOf(exception.ResponseBody ?? ""));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or JsonException)
        {
            // An engine that shuts down truncates its answers.
            throw new DockerUnreachableException(Address, exception);
        }
    }
}
