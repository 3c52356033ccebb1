namespace BatchEmulator.Hosting.Simulation;

/// <summary>Small files of the state folder that only their owner can read.</summary>
internal static class StateFile
{
    /// <summary>Replaces the content of a file as a whole: a crash or a full disk leaves the old content.</summary>
    /// <exception cref="IOException">It cannot be stored; what is stored stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            if (!OperatingSystem.IsWindows())
            {
                // Explicitly, since a umask may take the owner's rights away.
                File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            file.Write(content);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
