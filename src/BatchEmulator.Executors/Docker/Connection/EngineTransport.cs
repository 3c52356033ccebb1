using Docker.DotNet.Handler.Abstractions;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// Hands a prepared handler to the client library. The library's own transports open a connection for each call to a socket or a pipe,
/// limit a host to ten connections, which ten waits for containers use up, and validate certificates without the name of the host.
/// </summary>
internal sealed class EngineTransport : IDockerHandlerFactory<HttpMessageHandler>
{
    /// <summary>Address of all calls: the connection determines the engine.</summary>
    public static readonly Uri Root = new("http://docker/");

    public static HttpMessageHandler HandlerFor(DockerEndpoint endpoint) => new ApiVersionHandler(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) => await endpoint.ConnectAsync(cancellationToken),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    });

    public ResolvedTransport CreateHandler(HttpMessageHandler transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
        new(transportOptions, Root);

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
        throw new NotSupportedException("The handler is created elsewhere.");

    /// <summary>Only attaching to a container takes over a connection, and no executor attaches.</summary>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
        throw new NotSupportedException("Connections are not taken over.");
}
