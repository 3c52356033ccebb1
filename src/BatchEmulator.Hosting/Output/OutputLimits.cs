using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Output;

/// <summary>Bounds of the queue before the log store.</summary>
internal static class OutputLimits
{
    /// <summary>
    /// A line of a container is split here, as the <c>awslogs</c> driver splits it (256 KiB with the overhead of an event).
    /// </summary>
    public const int MaximumLineBytes = (256 * 1024) - LogEvent.OverheadBytes;

    /// <summary>Writes that wait for the writer. A caller beyond it waits, in order of arrival.</summary>
    public const int QueuedWrites = 4_096;

    /// <summary>
    /// A write from this many characters on needs one of the few permits for large writes: that bounds the queue's memory.
    /// </summary>
    public const int LargeWriteCharacters = 4_096;

    public const int LargeWrites = 48;

    /// <summary>Writes of one transaction.</summary>
    public const int WritesPerTransaction = 2_048;

    /// <summary>
    /// Lines that are kept in memory while the store cannot be written, besides those in the queue: a few megabytes as a rule.
    /// </summary>
    public const int KeptLines = 8_192;

    /// <summary>Streams that wait for their creation. Far more than containers start before a slow disk has caught up.</summary>
    public const int KeptOpenings = 100_000;

    /// <summary>Streams in which a loss of lines is noted; losses of further ones are only counted.</summary>
    public const int NotedLosses = 1_000;

    /// <summary>Events that one pass of purging removes; other writes come between two passes.</summary>
    public const int PurgedPerPass = 5_000;

    /// <summary>
    /// Reads at once. Others wait without holding a thread, so that a flood of expensive reads occupies a bounded number of threads.
    /// </summary>
    public const int Readers = 3;

    /// <summary>Time for which the creation of a stream that nobody reads waits for others, to share their transaction.</summary>
    public static readonly TimeSpan OpeningLinger = TimeSpan.FromMilliseconds(250);

    /// <summary>Time for which the writer waits after a failure before it tries again.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Time for which the end of a job waits for its output to be stored. Longer than it takes to notice a locked file, so that it runs out
    /// only when the disk does not answer at all.
    /// </summary>
    public static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    /// <summary>Time between two searches for events that are past their retention.</summary>
    public static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
}
