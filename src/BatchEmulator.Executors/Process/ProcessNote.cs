using System.Globalization;

namespace BatchEmulator.Executors.Process;

/// <summary>A note about a command, by which the start after a crash finds the processes that were left running.</summary>
/// <param name="Mark">Variable in the environment of all processes of the command, <c>NAME=VALUE</c>.</param>
/// <param name="Owner">The server that started it: see <see cref="ProcessGroup.OwnIdentity"/>.</param>
/// <param name="Process">Process id of the leader; null if the note was written before the start.</param>
/// <param name="Birth">Result of <see cref="ProcessGroup.NoteOf"/> for the leader.</param>
internal sealed record ProcessNote(string Mark, string Owner, int? Process = null, string Birth = "")
{
    /// <summary>
    /// Returns true if another running server started the command: then this folder is a copy of that server's, and the command is not this
    /// server's.
    /// </summary>
    public bool IsOthers => Owner.Split(' ') is [var text, var birth]
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var server)
        && server != Environment.ProcessId
        && ProcessGroup.BirthOf(server) == birth;

    /// <summary>Parses any content that a file may have after a loss of power: missing parts are empty.</summary>
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
