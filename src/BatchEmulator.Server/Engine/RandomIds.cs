using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Engine;

/// <summary>Random identifiers.</summary>
internal sealed class RandomIds : IIdSource
{
    public string NewUuid() => Guid.NewGuid().ToString("D");

    public string NewHex32() => Guid.NewGuid().ToString("N");
}
