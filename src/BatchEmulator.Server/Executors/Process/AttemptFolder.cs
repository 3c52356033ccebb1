using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>
/// An attempt's place on the disk: a working folder for each of its containers, and beside them a note of each process, by which the
/// next start of a server that died finds what still runs.
/// </summary>
internal sealed class AttemptFolder
{
    private const string NoteEnding = ".process";

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

    public void Note(string container, int process, string birth, string mark) =>
        File.WriteAllLines(Path.Combine(_path, Safe(container) + NoteEnding), [process.ToString(CultureInfo.InvariantCulture), birth, mark]);

    /// <summary>Kills what a dead server left running here.</summary>
    public void KillLeftovers()
    {
        foreach (var note in Directory.EnumerateFiles(_path, "*" + NoteEnding))
        {
            // A note that was cut short says nothing that could be trusted.
            if (File.ReadAllLines(note) is [var text, var birth, var mark]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                ProcessGroup.KillLeftover(process, birth, mark);
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

    private static string Safe(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '.'));
}
