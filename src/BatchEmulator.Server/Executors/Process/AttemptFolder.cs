using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>
/// An attempt's place on the disk: a working folder for each of its containers, and beside them a note of each process, by which the
/// next start of a server that died finds what still runs, and in the end one of how the attempt ended.
/// </summary>
internal sealed class AttemptFolder
{
    private const string NoteEnding = ".process";
    private const string EndNote = "end.json";

    private readonly string _path;

    private AttemptFolder(string path) => _path = path;

    /// <param name="root">Folder of the executor.</param>
    /// <param name="key">A job id may hold anything, so the folder's name ends with a hash that keeps names apart.</param>
    public static AttemptFolder Of(string root, AttemptKey key)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..8];
        return new(Path.Combine(Path.GetFullPath(root), $"{Safe(key.JobId)}-{key.Attempt.ToString(CultureInfo.InvariantCulture)}-{hash}"));
    }

    public static IEnumerable<AttemptFolder> AllIn(string root) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(Path.GetFullPath(root)).Select(path => new AttemptFolder(path)) : [];

    /// <summary>Makes the working folder of a container.</summary>
    public string Make(string container)
    {
        var folder = Path.Combine(_path, Safe(container));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Notes that a process is about to be started; a server that dies before it knows more leaves it to be found by its mark.</summary>
    public void Announce(string container, string mark) => Write(Safe(container) + NoteEnding, $"\n\n{mark}\n");

    public void Note(string container, int process, string birth, string mark) =>
        Write(Safe(container) + NoteEnding, string.Create(CultureInfo.InvariantCulture, $"{process}\n{birth}\n{mark}\n"));

    /// <summary>Notes how the attempt ended, before anybody is told.</summary>
    public void NoteEnd(IReadOnlyList<ContainerEnd> ends) => Write(EndNote, JsonSerializer.Serialize(ends, ProcessJson.Default.IReadOnlyListContainerEnd));

    /// <returns>Null if the attempt has not ended, or nothing is known of it.</returns>
    public IReadOnlyList<ContainerEnd>? ReadEnd()
    {
        var note = Path.Combine(_path, EndNote);
        return File.Exists(note) ? JsonSerializer.Deserialize(File.ReadAllText(note), ProcessJson.Default.IReadOnlyListContainerEnd) : null;
    }

    /// <summary>Kills what a dead server left running here.</summary>
    public void KillLeftovers()
    {
        foreach (var note in Directory.EnumerateFiles(_path, "*" + NoteEnding))
        {
            var lines = File.ReadAllLines(note);
            if (lines is [var text, { Length: > 0 } birth, var mark] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                ProcessGroup.KillLeftover(process, birth, mark);
            }
            else if (lines is [_, _, { Length: > 0 } onlyMark])
            {
                // The server died before it had noted the process, or the process had ended before its birth was read.
                ProcessGroup.KillMarked(onlyMark);
            }
        }
    }

    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Something in it cannot be removed.</exception>
    public void Remove()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    public override string ToString() => _path;

    /// <summary>Whole or not at all, whenever the server dies.</summary>
    private void Write(string name, string text)
    {
        var file = Path.Combine(_path, name);
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Safe(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '.'));
}

[JsonSerializable(typeof(IReadOnlyList<ContainerEnd>))]
internal sealed partial class ProcessJson : JsonSerializerContext;
