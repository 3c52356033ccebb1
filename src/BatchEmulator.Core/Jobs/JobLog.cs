using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Jobs;

/// <summary>Log groups and streams of a job's output (User Guide, "Use the awslogs log driver").</summary>
internal static class JobLog
{
    public const string DefaultGroup = "/aws/batch/job";
    private const int MaximumPrefixLength = 200;

    public static string Group(Wire.LogConfiguration? log) => Option(log, "awslogs-group") ?? DefaultGroup;

    /// <summary>
    /// Returns the stream, <c>prefix/container/task id</c>; the prefix is the definition's name unless the log configuration has another.
    /// </summary>
    public static string StreamName(Job job, Wire.LogConfiguration? log, string container, string taskId)
    {
        var prefix = Option(log, "awslogs-stream-prefix") ?? DefinitionName(job);
        return $"{Excerpt.Of(prefix, MaximumPrefixLength)}/{container}/{taskId}";
    }

    private static string DefinitionName(Job job)
    {
        var name = Arn.NameOf(job.Specification.JobDefinitionArn!);
        return name[..name.LastIndexOf(':')];
    }

    private static string? Option(Wire.LogConfiguration? log, string name) =>
        log?.Options?.TryGetValue(name, out var value) == true && !string.IsNullOrWhiteSpace(value) ? value : null;
}
