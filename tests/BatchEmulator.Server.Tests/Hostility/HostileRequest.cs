namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>One request.</summary>
/// <param name="Bytes">Bytes on the wire.</param>
/// <param name="Framing">Delimitation of the request.</param>
/// <param name="IsHead">True if the response has no body.</param>
/// <param name="MayBeVersionError">True if the server does not speak the HTTP version, for which a 5xx is correct.</param>
internal sealed record HostileRequest(byte[] Bytes, Framing Framing, bool IsHead, bool MayBeVersionError);

/// <summary>Delimitation of a request.</summary>
internal enum Framing
{
    /// <summary>Correct: an answer must come, and the connection can continue.</summary>
    Whole,

    /// <summary>Invalid: the server answers and closes, or only closes.</summary>
    Broken,

    /// <summary>Too long: fewer bytes come than promised, and the client closes its side.</summary>
    Cut,
}
