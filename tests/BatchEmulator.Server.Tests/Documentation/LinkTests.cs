using System.Text.RegularExpressions;

namespace BatchEmulator.Server.Tests.Documentation;

/// <summary>References within the documentation resolve.</summary>
public sealed partial class LinkTests
{
    private const string Index = "docs/README.md";
    private const int LongestReadme = 150;

    [Fact]
    public void Readme_is_short() => new Page("README.md").Lines.Count.Should().BeLessThanOrEqualTo(LongestReadme);

    [Fact]
    public void Relative_links_lead_to_files_and_headings()
    {
        var broken =
            from page in Page.All.Select(path => new Page(path))
            from link in page.Links
            where !IsExternal(link) && !Leads(page, link)
            select $"{page.Path}: {link}";

        broken.Should().BeEmpty();
    }

    [Fact]
    public void Paths_of_the_repository_exist()
    {
        var missing =
            from path in Page.All
            from code in new Page(path).Code
            where RepositoryPath().IsMatch(code) && !Path.Exists(Path.Combine(Page.Root, code))
            select $"{path}: {code}";

        missing.Should().BeEmpty();
    }

    [Fact]
    public void Every_page_is_reached_from_the_index()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { Index };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var path))
        {
            var page = new Page(path);
            var targets = page.Links.Where(link => !IsExternal(link)).Select(link => Target(page, link).Path);
            foreach (var target in targets.Intersect(Page.All).Where(reached.Add))
            {
                next.Enqueue(target);
            }
        }

        Page.All.Except(reached).Should().BeEmpty();
    }

    [Fact]
    public void Cited_sections_of_the_behaviour_reference_exist()
    {
        var sections = new Page("docs/aws-behaviour.md").Lines.Select(line => SectionHeading().Match(line).Groups["number"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var citations =
            from folder in (string[])["src", "tests"]
            from file in Directory.GetFiles(Path.Combine(Page.Root, folder), "*.cs", SearchOption.AllDirectories)
            where !IsBuilt(file)
            from citation in Citation().Matches(File.ReadAllText(file))
            from number in Number().Matches(citation.Value)
            select (File: Path.GetFileName(file), Section: number.Value);

        var cited = citations.ToList();
        cited.Should().NotBeEmpty();
        cited.Where(citation => !sections.Contains(citation.Section)).Should().BeEmpty();
    }

    private static bool IsExternal(string link) => link.Contains("://", StringComparison.Ordinal);

    private static bool IsBuilt(string file) =>
        file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static bool Leads(Page page, string link)
    {
        var (path, anchor) = Target(page, link);
        return Path.Exists(Path.Combine(Page.Root, path)) && (anchor is null || new Page(path).Anchors.Contains(anchor));
    }

    /// <returns>The target's path from the root of the repository, and its anchor if there is one.</returns>
    private static (string Path, string? Anchor) Target(Page page, string link)
    {
        var parts = link.Split('#', 2);
        var folder = Path.GetDirectoryName(Path.Combine(Page.Root, page.Path))!;
        var path = parts[0].Length == 0 ? page.Path : Page.Relative(Path.GetFullPath(parts[0], folder));
        return (path, parts.ElementAtOrDefault(1));
    }

    [GeneratedRegex(@"^##+ (?<number>[0-9]+(\.[0-9]+)?)\b", RegexOptions.NonBacktracking)]
    private static partial Regex SectionHeading();

    /// <summary>The page with section numbers, or a trait of a test.</summary>
    [GeneratedRegex(
        @"docs/aws-behaviour\.md, sections? [0-9.]+((, | and | to )[0-9.]+)*|(AwsRule\(|Trait\(""Section"", )""[0-9.]+""",
        RegexOptions.NonBacktracking)]
    private static partial Regex Citation();

    /// <summary>Returns a path without the placeholders of a checklist.</summary>
    [GeneratedRegex(@"^(\.ci|benchmarks|compat-tests|docs|eng|src|tests)/([^X\s*]|X[^x])*$", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
