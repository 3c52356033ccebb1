using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// The folder of an attempt: a working folder for each of its containers, and beside them notes of each process, by which the start after a
/// crash knows what had begun and finds what still runs, and finally a note about the end of the attempt.
/// </summary>
internal sealed class AttemptFolder
{
    /// <summary>Written before a command is started: from then on it may have begun, even if the server dies.</summary>
    private const string BegunEnding = ".begun";

    /// <summary>Written once the process of a command is known.</summary>
    private const string ProcessEnding = ".process";

    private const string EndNote = "end.json";
    private const int LongestPlainName = 100;

    private readonly string _path;

    private AttemptFolder(string path) => _path = path;

    /// <summary>Returns true if a command of the attempt may have begun: it must not run a second time.</summary>
    public bool HasBegun => NoteFiles().Any();

    /// <param name="root">Folder of the executor.</param>
    /// <param name="key">
    /// Key of the attempt. A job id may hold any characters, so the folder's name ends with a hash that keeps names distinct.
    /// </param>
    public static AttemptFolder Of(string root, AttemptKey key)
    {
        var name = string.Concat(key.JobId.Select(character => IsPlain(character) ? character : '.'));
        var attempt = key.Attempt.ToString(CultureInfo.InvariantCulture);
        return new(Path.Combine(Path.GetFullPath(root), $"{name}-{attempt}-{Hash(key.ToString())}"));
    }

    public static IEnumerable<AttemptFolder> AllIn(string root) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(Path.GetFullPath(root)).Select(path => new AttemptFolder(path)) : [];

    /// <summary>Creates the working folder of a container.</summary>
    public string Make(string container)
    {
        var folder = Path.Combine(_path, NameOf(container));
        CreatePrivate(Path.GetDirectoryName(_path)!);
        CreatePrivate(_path);
        CreatePrivate(folder);
        return folder;
    }

    /// <summary>
    /// Notes that a process is about to be started; if the server dies before the process is known, it is found by its mark.
    /// </summary>
    public void Announce(string container, string mark) =>
        Write(NameOf(container) + BegunEnding, new ProcessNote(mark, ProcessGroup.OwnIdentity).ToString());

    /// <summary>Withdraws an announcement: the operating system did not start the process.</summary>
    public void Withdraw(string container) => File.Delete(Path.Combine(_path, NameOf(container) + BegunEnding));

    public void Note(string container, int process, string birth, string mark) =>
        Write(NameOf(container) + ProcessEnding, new ProcessNote(mark, ProcessGroup.OwnIdentity, process, birth).ToString());

    /// <summary>Notes the end of the attempt, before it is reported.</summary>
    public void NoteEnd(IReadOnlyList<ContainerEnd> ends) =>
        Write(EndNote, JsonSerializer.Serialize(ends, ProcessJson.Default.IReadOnlyListContainerEnd));

    /// <returns>The end; null if the attempt has not ended, or is unknown.</returns>
    public IReadOnlyList<ContainerEnd>? ReadEnd()
    {
        var note = Path.Combine(_path, EndNote);
        try
        {
            return File.Exists(note)
                ? JsonSerializer.Deserialize(File.ReadAllText(note), ProcessJson.Default.IReadOnlyListContainerEnd)
                : null;
        }
        catch (JsonException)
        {
            // After a loss of power a file may exist without its content.
            return null;
        }
    }

    public IReadOnlyList<ProcessNote> ReadNotes() => [.. NoteFiles().Select(file => ProcessNote.Parse(File.ReadAllText(file)))];

    /// <exception cref="IOException">A file in it cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">A file in it cannot be removed.</exception>
    public void Remove()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    public override string ToString() => _path;

    /// <summary>
    /// Returns the name of a container's files. Names that ECS allows are used as they are; a job from before the validation may have any
    /// name, such as <c>..</c> or <c>a/b</c>; its harmless characters are kept, followed by a dot and a hash that keeps names distinct,
    /// also those that differ only in case, which some file systems ignore.
    /// </summary>
    private static string NameOf(string container)
    {
        var isPlain = container.Length is > 0 and <= LongestPlainName
            && container.All(character => IsPlain(character) && !char.IsAsciiLetterUpper(character));
        var harmless = string.Concat(container.Where(IsPlain).Take(LongestPlainName));
        return isPlain ? container : $"{harmless}.{Hash(container)}";
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    /// <summary>Returns the notes; a folder that does not exist, or is being removed, has none.</summary>
    private IReadOnlyList<string> NoteFiles()
    {
        try
        {
            return [.. Directory.EnumerateFiles(_path).Where(file => Path.GetExtension(file) is BegunEnding or ProcessEnding)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Writes a file atomically, so that a crash leaves it whole or absent.</summary>
    private void Write(string name, string text)
    {
        var file = Path.Combine(_path, name);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        using (var stream = new FileStream(file + ".new", options))
        {
            if (!OperatingSystem.IsWindows())
            {
                // A umask may remove the owner's rights.
                File.SetUnixFileMode(stream.SafeFileHandle, Mode);
            }

            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Creates a folder that only its owner can enter, whatever the umask; an existing one is left unchanged.</summary>
    private static void CreatePrivate(string path)
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, Mode);
            File.SetUnixFileMode(path, Mode);
        }
    }
}

[JsonSerializable(typeof(IReadOnlyList<ContainerEnd>))]
internal sealed partial class ProcessJson : JsonSerializerContext;
