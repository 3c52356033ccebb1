using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Tests;

/// <summary>Identifiers that are reproducible for a seed.</summary>
internal sealed class SeededIds(int seed) : IIdSource
{
    private readonly Random _random = new(seed);

    public string NewUuid() => Next().ToString("D");

    public string NewHex32() => Next().ToString("N");

    private Guid Next()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
