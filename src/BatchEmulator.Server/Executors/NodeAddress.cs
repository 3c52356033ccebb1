using System.Globalization;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors;

/// <summary>
/// Addresses for the nodes of multi-node parallel jobs where no engine gives them any: made of the job's attempt and the node's index, so that the
/// nodes of a job differ, and those of different jobs as a rule.
/// </summary>
internal static class NodeAddress
{
    /// <summary>Every address of this network is the machine itself; on macOS, only the first one works.</summary>
    private const int Loopback = 127;

    private const int Private = 10;
    private const int IndexBits = 10;
    private const uint Networks = (1 << 14) - 2;

    /// <returns>Null if the attempt is not a node's.</returns>
    public static string? OnLoopback(AttemptLaunch launch) => launch.Network is null ? null
        : OperatingSystem.IsMacOS() ? "127.0.0.1"
        : In(Loopback, launch);

    /// <summary>An address that nothing listens at.</summary>
    /// <returns>Null if the attempt is not a node's.</returns>
    public static string? Simulated(AttemptLaunch launch) => launch.Network is null ? null : In(Private, launch);

    private static string In(int network, AttemptLaunch launch)
    {
        var host = ((1 + (Hash(launch.Network.ToString()!) % Networks)) << IndexBits) | (uint)launch.Index!.Value;
        return string.Create(CultureInfo.InvariantCulture, $"{network}.{host >> 16}.{(host >> 8) & 255}.{host & 255}");
    }

    /// <summary>FNV-1a: the same after a restart, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 16777619u);
        }

        return hash;
    }
}
