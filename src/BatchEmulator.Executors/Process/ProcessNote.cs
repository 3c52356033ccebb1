using System.Globalization;

namespace BatchEmulator.Executors.Process;

/// <summary>A note about a command, by which the next start of a server that died finds what it left running.</summary>
/// <param name="Mark">A variable in the environment of everything that belongs to the command, <c>NAME=VALUE</c>.</param>
/// <param name="Owner">The server that started it: see <see cref="ProcessGroup.OwnIdentity"/>.</param>
/// <param name="Process">Process id of the leader; null if the note was written before the start.</param>
/// <param name="Birth">What <see cref="ProcessGroup.NoteOf"/> said of the leader.</param>
internal sealed record ProcessNote(string Mark, string Owner, int? Process = null, string Birth = "")
{
    /// <summary>
    /// Returns true if another server that is alive started the command: then this folder is a copy of that server's, and the command is
    /// not ours.
    /// </summary>
    public bool IsOthers => Owner.Split(' ') is [var text, var birth]
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var server)
        && server != Environment.ProcessId
        && ProcessGroup.BirthOf(server) == birth;

    /// <summary>Takes whatever a file may hold after a loss of power: what is missing is empty.</summary>
    public static ProcessNote Parse(string text)
    {
        var lines = text.Split('\n');
        return new(
            Line(2),
            Line(3),
            int.TryParse(Line(0), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : null,
            Line(1));
        string Line(int index) => index < lines.Length ? lines[index] : "";
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Process}\n{Birth}\n{Mark}\n{Owner}\n");
}
