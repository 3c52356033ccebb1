using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Executors.Process;

namespace BatchEmulator.Server.Folders;

/// <summary>
/// Data folders of servers that keep nothing, in the folder for temporary files: they hold the files of running jobs. A server that is
/// killed leaves its folder, and processes or containers with it; the next start ends these and removes the folder. Three facts together
/// permit this: the folder has a mark that only servers with <c>--ephemeral</c> write, it is owned by the same user, and its lock can be
/// taken, so that the server is dead.
/// </summary>
internal static class EphemeralFolders
{
    public const string MarkName = "ephemeral";

    /// <summary>Holds the id of the server's containers, if it has a container engine.</summary>
    private const string ContainersName = "containers";

    private const string Prefix = "batch-emulator-";

    public static string Create() => Directory.CreateTempSubdirectory(Prefix).FullName;

    /// <summary>Marks a folder. It must be locked: a marked folder without a lock counts as abandoned.</summary>
    public static void Mark(string path) => PrivateFiles.WriteAllText(Path.Combine(path, MarkName), "");

    /// <summary>Writes the id of the server's containers; called before the first one starts.</summary>
    /// <param name="path">A marked folder.</param>
    /// <param name="instance">See <see cref="DockerExecutorOptions.InstanceId"/>.</param>
    public static void NoteContainers(string path, string instance) =>
        PrivateFiles.WriteAllText(Path.Combine(path, ContainersName), instance);

    /// <summary>Removes the folders of killed servers, after ending their processes and containers.</summary>
    public static async Task RemoveAbandonedAsync()
    {
        foreach (var folder in Marked())
        {
            using var taken = FileStatus.IsOwn(folder) ? DataFolder.TryLock(folder.FullName) : null;
            if (taken is not null)
            {
                await RemoveAbandonedAsync(folder.FullName, taken);
            }
        }
    }

    private static async Task RemoveAbandonedAsync(string path, FileStream taken)
    {
        try
        {
            await ProcessLeftovers.EndAsync(Path.Combine(path, "attempts"));
            if (await HasNoContainersAsync(Path.Combine(path, ContainersName)))
            {
                Remove(path, taken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Unreadable notes stay, with the folder: no process may run whose folder is gone.
        }
    }

    /// <summary>Ends the containers of a dead server.</summary>
    /// <returns>False if the engine does not answer: a later start tries again.</returns>
    private static async Task<bool> HasNoContainersAsync(string note)
    {
        if (!File.Exists(note))
        {
            return true;
        }

        try
        {
            using var engine = await DockerSearch.FindAsync();
            var instance = await File.ReadAllTextAsync(note);
            // A truncated note names nothing, and the server had not started any container.
            if (instance.Length > 0)
            {
                await DockerLeftovers.RemoveAsync(engine, instance);
            }

            return true;
        }
        catch (Exception exception) when (exception is NoDockerEngineException or DockerUnreachableException or DockerRefusedException)
        {
            return false;
        }
    }

    /// <summary>Removes a locked folder, as far as possible.</summary>
    public static void Remove(string path, FileStream taken)
    {
        try
        {
            var folder = new DirectoryInfo(path);
            // The lock last: without it another server would treat the rest as abandoned, and Windows does not remove an open file.
            foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.FullName != taken.Name))
            {
                if (entry is DirectoryInfo inner && inner.LinkTarget is null)
                {
                    inner.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }

            taken.Dispose();
            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or a job left a file in it that cannot be removed.
        }
    }

    private static List<DirectoryInfo> Marked()
    {
        try
        {
            var temporary = new DirectoryInfo(Path.GetTempPath());
            return [.. temporary.EnumerateDirectories(Prefix + "*").Where(folder => File.Exists(Path.Combine(folder.FullName, MarkName)))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
