using Docker.DotNet;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// Finds the engine as the docker command does: by <c>DOCKER_HOST</c>, by <c>DOCKER_CONTEXT</c>, by the current context, and without
/// any of them at the usual sockets of Docker and Podman.
/// </summary>
internal sealed class DockerSearch(DockerEnvironment environment)
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    /// <exception cref="NoDockerEngineException">No engine answers.</exception>
    public static Task<DockerEngine> FindAsync(CancellationToken cancellationToken = default) =>
        new DockerSearch(DockerEnvironment.OfProcess()).FirstAsync(cancellationToken);

    /// <summary>Returns the candidate endpoints, best first. An endpoint that the user chose is the only one.</summary>
    /// <exception cref="DockerConfigurationException">The choice cannot be read.</exception>
    public IEnumerable<DockerEndpoint> Candidates() =>
        Chosen() is { } endpoint ? [endpoint] : Usual().Select(address => DockerEndpoint.Parse(address));

    /// <summary>Returns the first engine that answers.</summary>
    /// <exception cref="NoDockerEngineException">No engine answers.</exception>
    public async Task<DockerEngine> FirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            NoDockerEngineException? problem = null;
            foreach (var endpoint in Candidates())
            {
                var engine = new DockerEngine(endpoint);
                try
                {
                    await ProbeAsync(engine, cancellationToken);
                    return engine;
                }
                catch (NoDockerEngineException exception)
                {
                    engine.Dispose();
                    problem ??= exception;
                }
            }

            throw problem ?? new NoDockerEngineException("None of the usual sockets of Docker and Podman exists.");
        }
        catch (DockerConfigurationException exception)
        {
            throw new NoDockerEngineException(exception.Message, exception);
        }
    }

    private static async Task ProbeAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ProbePatience);
        try
        {
            await engine.PingAsync(patience.Token);
        }
        catch (DockerUnreachableException exception)
        {
            throw new NoDockerEngineException(exception.Message, exception);
        }
        catch (DockerRefusedException exception)
        {
            var refusal = exception.Message.ReplaceLineEndings(" ").Trim();
            throw new NoDockerEngineException($"The Docker daemon at {engine.Address} refuses: {refusal}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoDockerEngineException($"The Docker daemon at {engine.Address} does not answer.", exception);
        }
    }

    /// <returns>Sockets that exist; the named pipe on Windows.</returns>
    private static IEnumerable<string> Usual()
    {
        if (OperatingSystem.IsWindows())
        {
            return ["npipe:////./pipe/docker_engine"];
        }

        var paths = new List<string> { "/var/run/docker.sock" };
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (!string.IsNullOrEmpty(runtime))
        {
            paths.Add(Path.Combine(runtime, "docker.sock"));
            paths.Add(Path.Combine(runtime, "podman", "podman.sock"));
        }

        paths.Add("/run/podman/podman.sock");
        paths.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "run", "docker.sock"));
        return paths.Where(File.Exists).Select(path => "unix://" + path);
    }

    /// <returns>The endpoint; null if the user has chosen none.</returns>
    private DockerEndpoint? Chosen()
    {
        var contexts = new DockerContexts(environment.ConfigurationFolder);
        return environment switch
        {
            { Host: { } host } => DockerEndpoint.Parse(host, environment.VerifiesTls ? TlsOfEnvironment() : null),
            { Context: { } name } => contexts.Find(name),
            _ => contexts.Current(),
        };
    }

    private DockerTls TlsOfEnvironment() =>
        DockerTls.Load(environment.CertificateFolder ?? environment.ConfigurationFolder, verifies: true);
}
