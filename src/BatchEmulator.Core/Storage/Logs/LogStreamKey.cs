using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Identifies a log stream.</summary>
public readonly record struct LogStreamKey(LogGroupKey Group, string Name)
{
    public LogStreamKey(Scope scope, string group, string name)
        : this(new LogGroupKey(scope, group), name)
    {
    }
}
