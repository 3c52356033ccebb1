namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>A file has content that this program has not written; the message completes a sentence.</summary>
internal sealed class DamagedFileException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>
    /// Returns true if an exception while a file is read indicates damage. LiteDB does not validate the content of files, and fails in any
    /// of these ways.
    /// </summary>
    public static bool IsCauseOf(Exception exception) => exception is EndOfStreamException
        || exception is not (
            DamagedFileException or InvalidDataException or IOException or UnauthorizedAccessException or OutOfMemoryException);
}
