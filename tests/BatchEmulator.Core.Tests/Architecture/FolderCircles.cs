using System.Runtime.CompilerServices;

namespace BatchEmulator.Core.Tests.Architecture;

/// <summary>
/// Dependencies between the folders of a project, by the using directives of its files. The format check refuses unused directives.
/// </summary>
internal sealed class FolderCircles
{
    private const string Top = ".";

    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);

    private FolderCircles(string project, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is not ("obj" or "bin"))
            {
                Add(parts.Length == 1 ? Top : parts[0], project, file);
            }
        }
    }

    /// <summary>Dependencies of each folder.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Uses => _uses;

    /// <param name="project">Name of the project, which is its root namespace.</param>
    /// <param name="thisFile">Filled in by the compiler.</param>
    public static FolderCircles Of(string project, [CallerFilePath] string thisFile = "") =>
        new(project, Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src", project));

    /// <summary>Returns the cycles, each as its path of folders.</summary>
    public IReadOnlyList<string> Find()
    {
        var circles = new List<string>();
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in _uses.Keys.Order(StringComparer.Ordinal))
        {
            Walk(folder, [], finished, circles);
        }

        return circles;
    }

    private void Walk(string folder, List<string> way, HashSet<string> finished, List<string> circles)
    {
        if (way.IndexOf(folder) is >= 0 and var start)
        {
            circles.Add(string.Join(" -> ", way.Skip(start).Append(folder)));
            return;
        }

        if (finished.Contains(folder))
        {
            return;
        }

        way.Add(folder);
        foreach (var used in _uses.GetValueOrDefault(folder, []).Order(StringComparer.Ordinal))
        {
            Walk(used, way, finished, circles);
        }

        way.RemoveAt(way.Count - 1);
        finished.Add(folder);
    }

    private void Add(string folder, string project, string file)
    {
        var uses = _uses.TryGetValue(folder, out var known) ? known : _uses[folder] = new(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Where(line => line.StartsWith("using ", StringComparison.Ordinal)))
        {
            var name = line.TrimEnd(';').Split(' ')[^1];
            if (name.StartsWith(project + ".", StringComparison.Ordinal)
                && name[(project.Length + 1)..].Split('.')[0] is var used
                && used != folder)
            {
                uses.Add(used);
            }
        }
    }
}
