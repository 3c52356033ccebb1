using System.Net;

namespace BatchEmulator.Executors.Docker;

/// <summary>The engine answered with an error; the message is the engine's own text.</summary>
internal sealed class DockerRefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}

/// <summary>The engine cannot be reached, or the connection to it broke.</summary>
internal sealed class DockerUnreachableException(string address, Exception? cause)
    : Exception($"Cannot connect to the Docker daemon at {address}. Is the docker daemon running?", cause)
{
    /// <summary>Whether there was no connection at all, so that the engine cannot have done anything.</summary>
    public bool NeverConnected { get; } = cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
