using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Benchmarks;

/// <summary>The bare Engine API over its Unix socket: only the calls that running a container needs.</summary>
internal sealed class DockerEngine : IDisposable
{
    public const string Busybox = "/bin/busybox";
    private const string SocketPath = "/var/run/docker.sock";
    private const string JobIdLabel = "batch-emulator.job-id";
    private const string Image = "batch-emulator-benchmark";

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false }) { BaseAddress = new Uri("http://docker/") };

    /// <returns>The engine; null if none answers at the usual place.</returns>
    public static async Task<DockerEngine?> FindAsync()
    {
        var engine = new DockerEngine();
        try
        {
            (await engine._http.GetAsync(new Uri("_ping", UriKind.Relative))).EnsureSuccessStatusCode();
            return engine;
        }
        catch (HttpRequestException)
        {
            engine.Dispose();
            return null;
        }
    }

    /// <summary>Builds an image of a static busybox, without a registry.</summary>
    /// <returns>Name of the image; null if there is no busybox.</returns>
    public async Task<string?> MakeImageAsync()
    {
        if (!File.Exists(Busybox))
        {
            return null;
        }

        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await using var program = File.OpenRead(Busybox);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/true")
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                DataStream = program,
            });
        }

        archive.Position = 0;
        using var content = new StreamContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        (await _http.PostAsync(new Uri($"images/create?fromSrc=-&repo={Image}&tag=latest", UriKind.Relative), content))
            .EnsureSuccessStatusCode();
        return $"{Image}:latest";
    }

    /// <summary>Returns true if there are containers of any of these jobs, running or not.</summary>
    public async Task<bool> HasContainersOfAsync(IReadOnlySet<string> jobs)
    {
        var filter = Uri.EscapeDataString($$"""{"label":["{{JobIdLabel}}"]}""");
        var containers = await _http.GetFromJsonAsync<JsonElement>(new Uri($"containers/json?all=1&filters={filter}", UriKind.Relative));
        return containers.EnumerateArray().Any(c => jobs.Contains(c.GetProperty("Labels").GetProperty(JobIdLabel).GetString()!));
    }

    /// <summary>Creates, starts and awaits one container in the same way as the executor, and removes it.</summary>
    public async Task RunAsync(string image, CancellationToken cancellationToken)
    {
        using var body = new StringContent(
            $$$"""
            {"Image":"{{{image}}}","Cmd":["true"],"HostConfig":{"Memory":16777216,"MemorySwap":16777216,"CpuShares":1024,
            "ExtraHosts":["host.docker.internal:host-gateway"],"LogConfig":{"Type":"json-file"} } }
            """,
            Encoding.UTF8,
            "application/json");
        using var created = await _http.PostAsync(new Uri("containers/create", UriKind.Relative), body, cancellationToken);
        created.EnsureSuccessStatusCode();
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("Id").GetString();
        using var started = await _http.PostAsync(new Uri($"containers/{id}/start", UriKind.Relative), null, cancellationToken);
        started.EnsureSuccessStatusCode();
        using var ended = await _http.PostAsync(new Uri($"containers/{id}/wait", UriKind.Relative), null, cancellationToken);
        ended.EnsureSuccessStatusCode();
        using var removed = await _http.DeleteAsync(new Uri($"containers/{id}", UriKind.Relative), cancellationToken);
        removed.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
