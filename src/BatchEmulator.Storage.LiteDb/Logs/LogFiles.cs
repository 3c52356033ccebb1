using System.Globalization;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>Files of a database of logs.</summary>
internal static class LogFiles
{
    /// <summary>Renames a database that cannot be read, together with its log of commits, without which it may be incomplete.</summary>
    /// <returns>The new path of the database.</returns>
    public static string SetAside(string path, DateTimeOffset now)
    {
        var kept = $"{path}.damaged-{now.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
        // The database last: if the program ends before, the next start finds it again.
        foreach (var ending in (string[])[LiteDbFile.LogSuffix, ""])
        {
            if (File.Exists(path + ending))
            {
                File.Move(path + ending, kept + ending);
            }
        }

        return kept;
    }
}
