using System.Globalization;

namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Addresses for interfaces that no engine provides, such as those of the nodes of multi-node parallel jobs: derived from the job's attempt
/// and the node's index, so that the nodes of a job differ, and usually those of different jobs.
/// </summary>
public static class NodeAddress
{
    /// <summary>Every address of this network is the machine itself; on macOS, only the first one is available.</summary>
    private const int Loopback = 127;

    private const int Private = 10;
    private const int IndexBits = 10;
    private const uint Networks = (1 << 14) - 2;

    /// <returns>The address; null if the attempt is not a node's.</returns>
    public static string? OnLoopback(AttemptLaunch launch) => launch.Network is null ? null
        : OperatingSystem.IsMacOS() ? "127.0.0.1"
        : In(Loopback, launch);

    /// <summary>Returns the reported address of a process: a node's on loopback, any other's an unused one.</summary>
    /// <returns>The address; null if the attempt has no interface.</returns>
    public static string? OfProcess(AttemptLaunch launch) => OnLoopback(launch) ?? Simulated(launch);

    /// <summary>Returns an unused address.</summary>
    /// <returns>The address; null if the attempt has no interface.</returns>
    public static string? Simulated(AttemptLaunch launch) => launch.HasAddress ? In(Private, launch) : null;

    private static string In(int network, AttemptLaunch launch)
    {
        var network32 = (1 + (Hash((launch.Network ?? launch.Key).ToString()) % Networks)) << IndexBits;
        var host = network32 | (uint)(launch.Network is null ? 1 : launch.Index!.Value);
        return string.Create(CultureInfo.InvariantCulture, $"{network}.{host >> 16}.{(host >> 8) & 255}.{host & 255}");
    }

    /// <summary>FNV-1a: stable across restarts, unlike <see cref="string.GetHashCode()"/>.</summary>
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
