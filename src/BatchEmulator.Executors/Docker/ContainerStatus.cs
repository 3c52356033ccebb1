namespace BatchEmulator.Executors.Docker;

/// <summary>The engine's names for the states of a container: created, running, paused, exited and others.</summary>
internal static class ContainerStatus
{
    public const string Running = "running";

    /// <summary>Returns true if a container of this status runs or ran, so that its end can be inspected.</summary>
    public static bool HasRun(string? status) => status is Running or "paused" or "restarting" or "stopped" or "exited";
}
