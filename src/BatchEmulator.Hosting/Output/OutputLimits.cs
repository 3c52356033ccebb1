using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Output;

/// <summary>Limits of the queue before the log store.</summary>
internal static class OutputLimits
{
    /// <summary>
    /// Maximum length of a line of a container; longer ones are split, as by the <c>awslogs</c> driver (256 KiB with the overhead of an
    /// event).
    /// </summary>
    public const int MaximumLineBytes = (256 * 1024) - LogEvent.OverheadBytes;

    /// <summary>Maximum number of writes that wait for the writer. Further callers wait, in order of arrival.</summary>
    public const int QueuedWrites = 4_096;

    /// <summary>
    /// Number of characters from which a write needs one of the few permits for large writes: that bounds the queue's memory.
    /// </summary>
    public const int LargeWriteCharacters = 4_096;

    public const int LargeWrites = 48;

    /// <summary>Maximum number of writes in one transaction.</summary>
    public const int WritesPerTransaction = 2_048;

    /// <summary>
    /// Maximum number of lines kept in memory while the store cannot be written, besides those in the queue: usually a few megabytes.
    /// </summary>
    public const int KeptLines = 8_192;

    /// <summary>
    /// Maximum number of streams that wait for their creation. Far more than containers start before a slow disk has caught up.
    /// </summary>
    public const int KeptOpenings = 100_000;

    /// <summary>Maximum number of streams in which a loss of lines is noted; losses of further ones are only counted.</summary>
    public const int NotedLosses = 1_000;

    /// <summary>Maximum number of events that one pass of purging removes; other writes come between two passes.</summary>
    public const int PurgedPerPass = 5_000;

    /// <summary>
    /// Maximum number of concurrent reads. Others wait without a thread, so that a flood of expensive reads occupies a bounded number of
    /// threads.
    /// </summary>
    public const int Readers = 3;

    /// <summary>Time for which the creation of a stream that nobody reads waits for others, to share their transaction.</summary>
    public static readonly TimeSpan OpeningLinger = TimeSpan.FromMilliseconds(250);

    /// <summary>Time for which the writer waits after a failure before it tries again.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Time for which the end of a job waits for its output to be stored. Longer than the detection of a locked file takes, so that it runs
    /// out only if the disk does not answer at all.
    /// </summary>
    public static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    /// <summary>Time between two searches for events that are past their retention.</summary>
    public static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
}
