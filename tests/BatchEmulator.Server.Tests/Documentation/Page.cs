using System.Text.RegularExpressions;

namespace BatchEmulator.Server.Tests.Documentation;

/// <summary>A Markdown page of the repository.</summary>
internal sealed partial class Page
{
    private readonly string _text;

    /// <param name="path">Relative to the root of the repository, with slashes.</param>
    public Page(string path)
    {
        Path = path;
        _text = File.ReadAllText(System.IO.Path.Combine(Root, path)).ReplaceLineEndings("\n");
    }

    public static string Root { get; } = FindRoot();

    /// <summary>Paths of the pages in the root folder and under <c>docs</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(Root, "*.md").Select(Relative),
        .. Directory.GetFiles(System.IO.Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Select(Relative),
    ];

    public string Path { get; }

    public IReadOnlyList<string> Lines => _text.TrimEnd('\n').Split('\n');

    /// <summary>Returns the targets of links and pictures, without those in code.</summary>
    public IEnumerable<string> Links =>
        Link().Matches(CodeSpan().Replace(Fence().Replace(_text, ""), "")).Select(match => match.Groups["target"].Value);

    /// <summary>Returns the code spans outside of code blocks.</summary>
    public IEnumerable<string> Code => CodeIn(Fence().Replace(_text, ""));

    /// <summary>Returns the anchors that GitHub gives the headings.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(Fence().Replace(_text, ""))
        .Select(match => NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns the path of a file from the root of the repository, with slashes.</summary>
    public static string Relative(string file) => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>Returns the code spans of a text.</summary>
    public static IEnumerable<string> CodeIn(string text) => CodeSpan().Matches(text).Select(match => match.Groups["code"].Value);

    /// <summary>Returns the text below a heading, up to the next one of any level.</summary>
    public string Section(string heading)
    {
        var start = $"\n{_text}".IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.Should().BeGreaterThanOrEqualTo(0, $"{Path} has a section \"{heading}\"");
        var end = _text.IndexOf("\n#", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? _text[start..] : _text[start..end];
    }

    /// <summary>Returns the rows of all tables below a heading, without their heads.</summary>
    public IReadOnlyList<string> Rows(string heading) =>
        [.. Section(heading).Split("\n\n").SelectMany(block => block.Split('\n').Where(line => line.StartsWith('|')).Skip(2))];

    /// <summary>Returns the text from one phrase to the next occurrence of another.</summary>
    public string Between(string start, string end)
    {
        var flat = _text.Replace("\n", " ", StringComparison.Ordinal).Replace("   ", " ", StringComparison.Ordinal);
        var from = flat.IndexOf(start, StringComparison.Ordinal);
        from.Should().BePositive($"{Path} says \"{start}\"");
        return flat[from..flat.IndexOf(end, from + start.Length, StringComparison.Ordinal)];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "BatchEmulator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^ *```[^\n]*\n([^`]|`[^`]|``[^`])*```$", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (?<text>[^\n]+)$", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.NonBacktracking)]
    private static partial Regex NotInAnchors();
}
