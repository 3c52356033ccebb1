namespace BatchEmulator.Hosting.Logs;

/// <summary>Every bound of the log store and its API in one place.</summary>
internal static class LogLimits
{
    /// <summary>What CloudWatch Logs counts for an event beside the UTF-8 bytes of its message.</summary>
    public const int EventOverheadBytes = 26;

    /// <summary>A line of a container is split here, as the <c>awslogs</c> driver splits it (256 KiB with the overhead).</summary>
    public const int MaxLineBytes = (256 * 1024) - EventOverheadBytes;

    /// <summary>PutLogEvents: all events of a batch, each with its overhead.</summary>
    public const int MaxBatchBytes = 1_048_576;

    /// <summary>
    /// A request's body. A legal batch of 1 MiB may need six times as many bytes in JSON (<c>\u001b</c> for one byte).
    /// </summary>
    public const int MaxBodyBytes = 7 * 1024 * 1024;

    /// <summary>GetLogEvents and FilterLogEvents: events of one page.</summary>
    public const int MaxPageEvents = 10_000;

    /// <summary>GetLogEvents and FilterLogEvents: bytes of one page; a single larger event makes a page of its own.</summary>
    public const int MaxPageBytes = 1_048_576;

    /// <summary>DescribeLogGroups and DescribeLogStreams.</summary>
    public const int MaxPageEntries = 50;

    public const int MaxTags = 50;

    /// <summary>FilterLogEvents looks at this many events at most, then answers with what it found and a nextToken.</summary>
    public const int MaxScannedEvents = 50_000;

    /// <summary>The same in bytes of messages.</summary>
    public const int MaxScannedBytes = 32 * 1024 * 1024;

    /// <summary>The same in time.</summary>
    public static readonly TimeSpan MaxScanTime = TimeSpan.FromSeconds(2);

    /// <summary>Streams that FilterLogEvents reads by their own index; beyond it the whole group's events are read in order.</summary>
    public const int MaxMergedStreams = 100;

    /// <summary>Writes that wait for the writer. A caller beyond it waits, in order of arrival.</summary>
    public const int QueuedWrites = 4_096;

    /// <summary>A write from this many characters on needs one of the few permits for large writes: that bounds the queue's memory.</summary>
    public const int LargeWriteCharacters = 4_096;

    public const int LargeWrites = 48;

    /// <summary>Writes of one transaction.</summary>
    public const int WritesPerTransaction = 2_048;

    /// <summary>
    /// Lines that are kept in memory while the file cannot be written, besides those in the queue: a few megabytes as a rule.
    /// </summary>
    public const int KeptLines = 8_192;

    /// <summary>Streams that wait for their creation. Far more than containers start before a slow disk has caught up.</summary>
    public const int KeptOpenings = 100_000;

    /// <summary>How long the creation of a stream that nobody reads waits for others, to share their transaction.</summary>
    public static readonly TimeSpan OpeningLinger = TimeSpan.FromMilliseconds(250);

    /// <summary>Streams in which a loss of lines is noted; losses of further ones are only counted.</summary>
    public const int NotedLosses = 1_000;

    /// <summary>How long the writer waits after a failure before it tries again.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long the end of a job waits for its output to be stored. Longer than it takes to notice a locked file, so that it runs out only when
    /// the disk does not answer at all.
    /// </summary>
    public static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    /// <summary>Events that one pass of retention or of clearing away deleted streams removes; other writes come between two passes.</summary>
    public const int RemovedPerPass = 5_000;

    public static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(1);

    /// <summary>Streams whose identity the writer keeps in memory.</summary>
    public const int KnownStreams = 4_096;

    public const int Readers = 3;

    /// <summary>PutLogEvents: events older than this are rejected.</summary>
    public static readonly TimeSpan OldestEvent = TimeSpan.FromDays(14);

    /// <summary>PutLogEvents: events further in the future than this are rejected.</summary>
    public static readonly TimeSpan NewestEvent = TimeSpan.FromHours(2);

    public static readonly TimeSpan BatchSpan = TimeSpan.FromHours(24);
}
