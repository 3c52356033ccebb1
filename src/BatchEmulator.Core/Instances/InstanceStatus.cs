namespace BatchEmulator.Core.Instances;

/// <summary>Status of an instance. One that has been terminated no longer exists.</summary>
public enum InstanceStatus
{
    /// <summary>It has been launched and cannot run jobs yet.</summary>
    Pending,

    /// <summary>It runs jobs.</summary>
    Running,

    /// <summary>It starts no more jobs and is about to be terminated.</summary>
    Draining,
}
