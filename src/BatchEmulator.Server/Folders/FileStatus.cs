using System.Runtime.InteropServices;
using System.Text;

namespace BatchEmulator.Server.Folders;

/// <summary>Status of a file beyond what .NET offers: its owner and its identity.</summary>
/// <param name="Owner">User id.</param>
/// <param name="Device">With <paramref name="Inode"/>, identifies a file among all that exist at the same time.</param>
/// <param name="Inode">See <paramref name="Device"/>.</param>
internal readonly record struct FileStatus(uint Owner, ulong Device, ulong Inode)
{
    private const int CurrentFolder = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint BasicFields = 0x7ff;

    /// <returns>The status; null if there is no such file, and outside of Linux.</returns>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // statx(2): unlike those of stat, the offsets of its fields are the same on every architecture.
        const int ownerOffset = 20;
        const int inodeOffset = 32;
        const int deviceOffset = 136;
        var fields = new byte[256];
        try
        {
            return StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), DoNotFollowLinks, BasicFields, fields) == 0
                ? new(
                    BitConverter.ToUInt32(fields, ownerOffset),
                    BitConverter.ToUInt64(fields, deviceOffset),
                    BitConverter.ToUInt64(fields, inodeOffset))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before statx.
            return null;
        }
    }

    /// <summary>Returns true if a folder is owned by this user, and is no link to another one.</summary>
    public static bool IsOwn(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        if (folder.LinkTarget is not null)
        {
            return false;
        }

        if (Of(folder.FullName) is { } status)
        {
            return status.Owner == EffectiveUser();
        }

        try
        {
            // Only the owner may set the mode; and root, for whom this is no proof.
            folder.UnixFileMode = folder.UnixFileMode;
            return EffectiveUser() != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] fields);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
