using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace BatchEmulator.Executors.Process;

/// <summary>The processes of the machine with their environments, as Linux shows them in <c>/proc</c>.</summary>
internal sealed class ProcessTable
{
    private const int Sigkill = 9;

    /// <summary>Parent of the kernel's own threads.</summary>
    private const int KernelSession = 0;

    /// <summary>Maximum number of reads of the environment of a process during its exec.</summary>
    private const int MostQuestions = 50;

    /// <summary>The kernel bounds arguments and environment of a process together to 6 MiB (execve(2)).</summary>
    private const int LargestEnvironment = 6 * 1024 * 1024;

    private static readonly TimeSpan QuestionPause = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Ids of the kernel's threads, whose environments are always empty: asking for the state of each takes longer than all the rest. An id
    /// that another process has since taken over does harm only during that process's exec.
    /// </summary>
    private static readonly ConcurrentDictionary<int, bool> KernelThreads = new();

    private byte[] _buffer = new byte[16 * 1024];

    public static bool IsThere { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/loadavg");

    /// <summary>Id of the youngest process (proc(5): the last field); 0 if it is unknown.</summary>
    public static int LastId()
    {
        var load = File.ReadAllText("/proc/loadavg").AsSpan().TrimEnd();
        return int.TryParse(load[(load.LastIndexOf(' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    /// <summary>Kills every process that has one of these variables.</summary>
    /// <param name="entries">Each <c>NAME=VALUE</c> between two NULs.</param>
    /// <param name="after">Processes up to this id are skipped.</param>
    /// <returns>True if there was any.</returns>
    public async Task<bool> KillAsync(IReadOnlyList<byte[]> entries, int after)
    {
        var any = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id <= after)
            {
                continue;
            }

            var length = LengthOfEnvironment(id);
            for (var question = 1; length is null && question < MostQuestions; question++)
            {
                await Task.Delay(QuestionPause);
                length = LengthOfEnvironment(id);
            }

            if (length > 0 && HasAny(_buffer.AsSpan(0, length.Value), entries))
            {
                any = true;
                _ = Kill(id, Sigkill);
            }
        }

        return any;
    }

    /// <summary>Reads the environment of a process into the buffer.</summary>
    /// <returns>Number of bytes; 0 if it has none, or none for this user; null for a process during its exec, which has none yet.</returns>
    private int? LengthOfEnvironment(int id)
    {
        var length = Read($"/proc/{id}/environ\0");
        if (length != 0)
        {
            return Math.Max(length, 0);
        }

        if (KernelThreads.ContainsKey(id) || ProcessGroup.Stat(id) is not { } stat)
        {
            return 0;
        }

        if (stat.Session == KernelSession)
        {
            KernelThreads[id] = true;
            return 0;
        }

        return stat.HasEnvironment ? 0 : null;
    }

    /// <summary>Finds a variable: each ends with a NUL, and so begins after one, or is the first.</summary>
    private static bool HasAny(ReadOnlySpan<byte> environment, IReadOnlyList<byte[]> entries)
    {
        foreach (var entry in entries)
        {
            if (environment.StartsWith(entry.AsSpan(1)) || environment.IndexOf(entry) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads without <see cref="File"/>, which throws for each process of another user: an exception takes longer than many reads.
    /// </summary>
    /// <returns>Number of bytes; -1 if the file cannot be opened.</returns>
    private int Read(string path)
    {
        const int readOnly = 0;
        const int closeOnExec = 0x80000;
        var descriptor = Open(Encoding.ASCII.GetBytes(path), readOnly | closeOnExec);
        if (descriptor < 0)
        {
            return -1;
        }

        var length = 0;
        while (length < _buffer.Length && Read(descriptor, ref _buffer[length], (nuint)(_buffer.Length - length)) is > 0 and var read)
        {
            length += (int)read;
            if (length == _buffer.Length && length < LargestEnvironment)
            {
                Array.Resize(ref _buffer, length * 2);
            }
        }

        _ = Close(descriptor);
        return length;
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(int descriptor, ref byte buffer, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
