using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Tests.Architecture;

/// <summary>The table of rules, tests/RULES.md, says what is tested, and nothing is refused in words that it does not know.</summary>
public sealed partial class RulesTests
{
    private const string OpenTextsFile = "OpenTexts.cs";
    private static readonly string Root = RootFolder();
    private static readonly IReadOnlyList<Rule> Table = ReadTable();
    private static readonly ILookup<string, TestMethod> Tests = ReadTests();

    [Theory]
    [InlineData("5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9")]
    [InlineData("6.1", "6.2", "6.3", "6.4")]
    [InlineData("7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9", "7.10")]
    [InlineData("8")]
    public void Every_section_has_rules_and_every_rule_a_test(params string[] sections)
    {
        Table.Select(r => r.Section).Distinct().Should().Contain(sections);
        Table.Where(r => r.Tests.Count == 0).Should().BeEmpty();
    }

    [Fact]
    public void Every_test_of_the_table_exists_and_names_the_section()
    {
        var problems =
            from rule in Table
            from name in rule.Tests
            let named = Tests[name].Where(t => t.Names(rule.Section))
            where !named.Any()
            select $"{rule.Section}: {name} {(Tests[name].Any() ? "does not name the section" : "does not exist")}";

        problems.Distinct().Should().BeEmpty();
    }

    [Fact]
    public void Every_text_of_the_table_is_in_each_of_its_tests()
    {
        var problems =
            from rule in Table
            where rule.Text.Length > 0
            from name in rule.Tests
            where !Tests[name].Any(t => t.Holds(rule.Text))
            select $"{rule.Section}: {name} does not hold: {rule.Text}";

        problems.Should().BeEmpty();
    }

    /// <summary>The folders of sections 5 to 8, and all of what SubmitJob and its like refuse.</summary>
    [Theory]
    [InlineData("JobDefinitions")]
    [InlineData("Jobs")]
    [InlineData("Operations/SubmitJob.cs")]
    [InlineData("Operations/SubmittedDependencies.cs")]
    [InlineData("Operations/RegisterJobDefinition.cs")]
    [InlineData("Operations/DeregisterJobDefinition.cs")]
    [InlineData("Operations/DescribeJobDefinitions.cs")]
    [InlineData("Operations/DescribeJobs.cs")]
    [InlineData("Operations/ListJobs.cs")]
    [InlineData("Operations/Paging.cs")]
    [InlineData("Operations/CancelJob.cs")]
    [InlineData("Operations/TerminateJob.cs")]
    [InlineData("Operations/BulkEnding.cs")]
    public void What_is_refused_is_refused_in_words_of_the_table(string place)
    {
        var path = Path.Combine(Root, "src", "BatchEmulator.Core", place);
        var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories) : [path];
        var unknown =
            from file in files
            from sentence in Sentences(File.ReadAllText(file))
            where !Table.Any(r => sentence.IsMatch(r.Text))
            select $"{Path.GetFileName(file)}: {sentence}";

        unknown.Should().BeEmpty("it is neither a text of the table nor does it stand in {0}", OpenTextsFile);
    }

    [Fact]
    public void Every_open_text_is_used()
    {
        var source = string.Concat(Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != OpenTextsFile).Select(File.ReadAllText));

        typeof(OpenTexts).GetMembers().Where(m => m.DeclaringType == typeof(OpenTexts)).Select(m => m.Name)
            .Where(name => !source.Contains($"OpenTexts.{name}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static List<Rule> ReadTable()
    {
        var rules = new List<Rule>();
        var section = "";
        foreach (var line in File.ReadLines(Path.Combine(Root, "tests", "RULES.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line.Split(' ')[1];
            }
            else if (line.Split('|') is ["", var evidence, var rule, var text, var tests, ""] && !evidence.Contains("---", StringComparison.Ordinal) && evidence != " evidence ")
            {
                rules.Add(new(section, rule.Trim(), text.Trim().Trim('`'), [.. Code().Matches(tests).Select(m => m.Groups["code"].Value)]));
            }
        }

        return rules;
    }

    /// <summary>The test methods of all projects by <c>Class.Method</c>; classes of one name in two projects are told apart by what they hold.</summary>
    private static ILookup<string, TestMethod> ReadTests() => (
        from file in Directory.GetFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        let source = File.ReadAllText(file).ReplaceLineEndings("\n")
        let type = TestClass().Match(source)
        where type.Success
        from method in TestMethodPattern().Matches(source)
        select (Name: $"{type.Groups["name"].Value}.{method.Groups["name"].Value}", Test: new TestMethod(type.Groups["attributes"].Value, method.Value + Data(source, method.Value))))
        .ToLookup(t => t.Name, t => t.Test, StringComparer.Ordinal);

    /// <summary>The member that a theory takes its data from.</summary>
    private static string Data(string source, string test) => MemberData().Match(test) is { Success: true } member
        ? Regex.Match(source, $@"TheoryData<[^\n]*> {member.Groups["name"].Value}\b.*?\n    (}}|\])?;", RegexOptions.NonBacktracking | RegexOptions.Singleline).Value
        : "";

    /// <summary>The sentences in a source, as patterns in which anything may stand for what is put in.</summary>
    private static IEnumerable<Regex> Sentences(string source) =>
        from line in source.ReplaceLineEndings("\n").Split('\n')
        where line.TrimStart() is not ['/' or '[', ..] && !line.Contains("Exception(", StringComparison.Ordinal)
        let escaped = line.Replace("{{", "\u0001", StringComparison.Ordinal).Replace("}}", "\u0002", StringComparison.Ordinal)
        from literal in Literal().Matches(Inserted().Replace(escaped, "{}"))
        let text = literal.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)
        where text.Trim().Contains(' ', StringComparison.Ordinal)
        let pieces = text.Split("{}").Select(p => Regex.Escape(p.Replace('\u0001', '{').Replace('\u0002', '}')))
        select new Regex($"^{string.Join(".+", pieces)}$", RegexOptions.NonBacktracking);

    private static string RootFolder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<attributes>(^\[.*\n)*)^(\w+ )*class (?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"    \[(Fact|Theory)\]\n(    \[.*\n|        .*\n|    \{.*\n)*?    public (async )?\w+ (?<name>\w+)\([^{;]*?(\n    \{(.|\n)*?\n    \}\n|=>(.|\n)*?;\n(\n|\}))", RegexOptions.NonBacktracking)]
    private static partial Regex TestMethodPattern();

    [GeneratedRegex(@"MemberData\(nameof\((?<name>\w+)\)\)", RegexOptions.NonBacktracking)]
    private static partial Regex MemberData();

    [GeneratedRegex(@"""(?<text>([^""\\]|\\.)*)""", RegexOptions.NonBacktracking)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Inserted();

    [GeneratedRegex("<[^<>= ][^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    private sealed record Rule(string Section, string Of, string Text, IReadOnlyList<string> Tests);

    /// <param name="Attributes">Those of the class.</param>
    /// <param name="Source">The test with its attributes and data.</param>
    private sealed record TestMethod(string Attributes, string Source)
    {
        public bool Names(string section) => (Attributes + Source).Contains($"[Trait(\"Section\", \"{section}\")]", StringComparison.Ordinal);

        public bool Holds(string text)
        {
            var source = Source.Replace("\\\"", "\"", StringComparison.Ordinal);
            return Placeholder().Split(text).All(piece => source.Contains(piece, StringComparison.Ordinal));
        }
    }
}
