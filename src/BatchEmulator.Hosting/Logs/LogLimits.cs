namespace BatchEmulator.Hosting.Logs;

/// <summary>Limits of the operations of CloudWatch Logs.</summary>
internal static class LogLimits
{
    /// <summary>PutLogEvents: all events of a batch, each with its overhead.</summary>
    public const int MaximumBatchBytes = 1_048_576;

    /// <summary>
    /// Maximum size of a request's body. A valid batch of 1 MiB may need six times as many bytes in JSON (<c>\u001b</c> for one byte).
    /// </summary>
    public const int MaximumBodyBytes = 7 * 1024 * 1024;

    /// <summary>GetLogEvents and FilterLogEvents: events of one page.</summary>
    public const int MaximumPageEvents = 10_000;

    /// <summary>GetLogEvents and FilterLogEvents: bytes of one page; a single larger event is a page on its own.</summary>
    public const int MaximumPageBytes = 1_048_576;

    /// <summary>DescribeLogGroups and DescribeLogStreams: entries of one page.</summary>
    public const int MaximumPageEntries = 50;

    /// <summary>Tags of a log group.</summary>
    public const int MaximumTags = 50;

    /// <summary>FilterLogEvents examines this many events at most, then answers with the matches so far and a nextToken.</summary>
    public const int MaximumScannedEvents = 50_000;

    /// <summary>FilterLogEvents: bytes of messages that it examines at most.</summary>
    public const int MaximumScannedBytes = 32 * 1024 * 1024;

    /// <summary>FilterLogEvents: time of an examination at most.</summary>
    public static readonly TimeSpan MaximumScanTime = TimeSpan.FromSeconds(2);

    /// <summary>PutLogEvents: events older than this are rejected.</summary>
    public static readonly TimeSpan OldestEvent = TimeSpan.FromDays(14);

    /// <summary>PutLogEvents: events further in the future than this are rejected.</summary>
    public static readonly TimeSpan NewestEvent = TimeSpan.FromHours(2);

    /// <summary>PutLogEvents: time between the first and the last event of a batch.</summary>
    public static readonly TimeSpan BatchSpan = TimeSpan.FromHours(24);
}
