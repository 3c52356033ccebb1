namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>A file does not hold what this program has written; the message is the end of a sentence.</summary>
internal sealed class DamagedFileException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Returns true if an exception while a file is read tells of damage. LiteDB takes what it finds for its own, and fails with whatever
    /// comes of it.
    /// </summary>
    public static bool IsCauseOf(Exception exception) => exception is EndOfStreamException
        || exception is not (
            DamagedFileException or InvalidDataException or IOException or UnauthorizedAccessException or OutOfMemoryException);
}
