using BatchEmulator.Core;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Reports the failure to open or read a database in one line: the file, the cause, and the remedy.</summary>
internal static class UnusableFile
{
    private const string Elsewhere = "or name another folder with --data.";

    /// <exception cref="StartException">The database cannot be used.</exception>
    public static T Refused<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is not (StartException or OutOfMemoryException))
        {
            throw new StartException(LineOf(path, exception).ReplaceLineEndings(" "));
        }
    }

    private static string LineOf(string path, Exception exception) => exception switch
    {
        InvalidDataException =>
            $"{path} cannot be read: {exception.Message} Start the version that wrote it, {Elsewhere}",
        UnauthorizedAccessException or (IOException and not EndOfStreamException) =>
            $"{path} cannot be opened: {exception.Message} Make it accessible for this user, {Elsewhere}",
        _ =>
            $"{path} is damaged: {exception.Message} Restore a backup, "
                + $"or move it and {Path.GetFileName(path)}{LiteDbFile.LogSuffix} away to start over.",
    };
}
