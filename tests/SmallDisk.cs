using System.ComponentModel;
using System.Diagnostics;

namespace BatchEmulator.Tests;

/// <summary>A file system of a few megabytes, which a test can fill and empty. Requires the permission to mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Filling = 64 * 1024;

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Skips the test if none can be mounted.</summary>
    public static SmallDisk Mount()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has tmpfs.");
        var path = Directory.CreateTempSubdirectory("batch-emulator-disk-").FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=4m", "batch-emulator-test", path))
        {
            Directory.Delete(path);
            Assert.Skip("This user may not mount a file system.");
        }

        return new SmallDisk(path);
    }

    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var size = Filling; size > 0; size /= 2)
            {
                FillWith(file, new byte[size]);
            }
        }
        catch (IOException)
        {
            // Full to the last byte.
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static void FillWith(FileStream file, byte[] block)
    {
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // No room for a block of this size.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
