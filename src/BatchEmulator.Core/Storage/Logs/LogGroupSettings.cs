using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Settings of a log group that never change.</summary>
/// <param name="Class">One of <see cref="LogGroupClass"/>.</param>
/// <param name="KmsKeyId">ARN of a key, which has no effect.</param>
/// <param name="IsDeletionProtected">True if the group is to be kept. The store itself does not refuse to remove it.</param>
public sealed record LogGroupSettings(string Class = LogGroupClass.Standard, string? KmsKeyId = null, bool IsDeletionProtected = false)
{
    /// <summary>Settings of a group that is created with the first line of a job.</summary>
    public static LogGroupSettings Default { get; } = new();
}
