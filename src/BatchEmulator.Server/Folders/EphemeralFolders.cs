using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Executors.Process;

namespace BatchEmulator.Server.Folders;

/// <summary>
/// Data folders of servers that keep nothing, in the folder for temporary files: they hold what runs, not what is stored. A server that is
/// killed leaves its folder, and processes or containers with it; whoever starts next ends these and removes the folder. Three things tell
/// that it may: the folder carries a mark that only servers with <c>--ephemeral</c> write, it is owned by the same user, and its lock can
/// be taken, so that the server is dead.
/// </summary>
internal static class EphemeralFolders
{
    public const string MarkName = "ephemeral";

    /// <summary>Holds the id that the server's containers carry, if it has a container engine.</summary>
    private const string ContainersName = "containers";

    private const string Prefix = "batch-emulator-";

    public static string Create() => Directory.CreateTempSubdirectory(Prefix).FullName;

    /// <summary>Marks a folder. It has to be locked: one that is marked and not locked is taken for abandoned.</summary>
    public static void Mark(string path) => PrivateFiles.WriteAllText(Path.Combine(path, MarkName), "");

    /// <summary>Has to be called before the first container starts.</summary>
    /// <param name="path">A marked folder.</param>
    /// <param name="instance">See <see cref="DockerExecutorOptions.InstanceId"/>.</param>
    public static void NoteContainers(string path, string instance) =>
        PrivateFiles.WriteAllText(Path.Combine(path, ContainersName), instance);

    /// <summary>Ends and removes what servers left that were killed.</summary>
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
            // What cannot be read stays: nobody may run on whose folder is gone.
        }
    }

    /// <summary>Ends the containers of a server that is dead.</summary>
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
            // A note that is cut short names nothing, and the server had come no further.
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

    /// <summary>Removes a folder whose lock is held, as far as that is possible.</summary>
    public static void Remove(string path, FileStream taken)
    {
        try
        {
            var folder = new DirectoryInfo(path);
            // The lock last: without it another server would take the rest for abandoned, and Windows does not remove an open file.
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
            // It is gone already, or a job left something in it that cannot be removed.
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
