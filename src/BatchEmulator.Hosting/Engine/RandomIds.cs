using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Engine;

/// <summary>Random identifiers.</summary>
internal sealed class RandomIds : IIdSource
{
    public string NewUuid() => Guid.NewGuid().ToString("D");

    public string NewHex32() => Guid.NewGuid().ToString("N");
}
