namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>One request.</summary>
/// <param name="Bytes">What goes over the wire.</param>
/// <param name="Framing">How it says where it ends.</param>
/// <param name="IsHead">Whether its answer has no body.</param>
/// <param name="MayBeVersionError">Whether its HTTP version is none that the server speaks, which is the one 5xx that is right.</param>
internal sealed record HostileRequest(byte[] Bytes, Framing Framing, bool IsHead, bool MayBeVersionError);

/// <summary>How a request says where it ends.</summary>
internal enum Framing
{
    /// <summary>Rightly: an answer must come, and the connection can go on.</summary>
    Whole,

    /// <summary>In a way that makes no sense: the server answers and closes, or only closes.</summary>
    Broken,

    /// <summary>It promises more than ever comes: the client closes its side.</summary>
    Cut,
}
