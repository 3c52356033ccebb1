namespace BatchEmulator.Executors.Process;

/// <summary>Processes that a dead server left running.</summary>
internal static class ProcessLeftovers
{
    /// <summary>
    /// Ends the processes in the notes below a folder, with all their descendants, also those that left their session or process group. The
    /// notes stay. Processes of a running server are left alone.
    /// </summary>
    /// <param name="root">Folder of an executor; it need not exist.</param>
    public static async Task EndAsync(string root)
    {
        var notes = AttemptFolder.AllIn(root).SelectMany(folder => folder.ReadNotes()).Where(note => !note.IsOthers).ToList();
        foreach (var note in notes)
        {
            if (note.Process is { } leader)
            {
                ProcessGroup.KillLeftover(leader, note.Birth);
            }
        }

        await MarkedProcesses.EndAsync(notes.Select(note => note.Mark));
    }
}
