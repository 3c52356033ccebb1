namespace BatchEmulator.Hosting.Simulation;

/// <summary>Small files of the state folder that only their owner can read.</summary>
internal static class StateFile
{
    /// <summary>Replaces the content of a file atomically: a crash or a full disk leaves the old content.</summary>
    /// <exception cref="IOException">The content cannot be stored; the old content stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        using (var file = new FileStream(path + ".new", options))
        {
            if (!OperatingSystem.IsWindows())
            {
                // A umask may remove the owner's rights.
                File.SetUnixFileMode(file.SafeFileHandle, Mode);
            }

            file.Write(content);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
