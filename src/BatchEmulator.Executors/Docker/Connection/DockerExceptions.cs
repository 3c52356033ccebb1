using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>The engine answered with an error; the message is the engine's text.</summary>
internal sealed class DockerRefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}

/// <summary>The engine cannot be reached, or the connection to it broke.</summary>
internal sealed class DockerUnreachableException(string address, Exception? cause)
    : Exception($"Cannot connect to the Docker daemon at {address}{Reason(cause)}", cause)
{
    /// <summary>Returns true if there was no connection at all, so that the engine cannot have done anything.</summary>
    public bool NeverConnected { get; } = cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
    };

    /// <summary>
    /// Returns a message that names problems with certificates; for anything else it is the message of the docker command.
    /// </summary>
    private static string Reason(Exception? cause) => cause switch
    {
        AuthenticationException => $": {cause.Message}",
        // The engine reports its rejection of the client certificate after the handshake.
        CryptographicException => $": the engine ended the TLS connection ({cause.Message}).",
        { InnerException: { } inner } => Reason(inner),
        _ => ". Is the docker daemon running?",
    };
}

/// <summary>No engine was found; the message states the reason.</summary>
internal sealed class NoDockerEngineException(string message, Exception? cause = null) : Exception(message, cause);
