using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.v3;

namespace BatchEmulator.Rules.Tests;

/// <summary>The table of rules, docs/aws-rules.md, is current, and the tests of its rules exist, run and contain the texts.</summary>
public sealed partial class RulesTableTests
{
    private const string Command = "AWS_RULES=write dotnet run --project tests/BatchEmulator.Rules.Tests";

    [Fact]
    public void Table_matches_the_attributes_of_the_tests()
    {
        var document = File.ReadAllText(RulesTable.File).ReplaceLineEndings("\n");
        var expected = RulesTable.Rewrite(document, AwsRule.All);
        if (Environment.GetEnvironmentVariable("AWS_RULES") == "write")
        {
            File.WriteAllText(RulesTable.File, expected);
            return;
        }

        (document == expected).Should().BeTrue($"a stale table is rewritten by: {Command}");
    }

    [Theory]
    [InlineData("5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9")]
    [InlineData("6.1", "6.2", "6.3", "6.4")]
    [InlineData("7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9", "7.10")]
    [InlineData("8")]
    [InlineData("10")]
    public void Every_section_has_rules(params string[] sections) =>
        AwsRule.All.Select(rule => rule.Section).Should().Contain(sections);

    [Fact]
    public void Sections_of_the_table_are_those_of_the_rules() =>
        RulesTable.Sections(File.ReadAllText(RulesTable.File)).Should().BeEquivalentTo(AwsRule.All.Select(rule => rule.Section).Distinct());

    [Fact]
    public void Rule_has_one_evidence_and_one_text() =>
        AwsRule.All.GroupBy(rule => (rule.Section, rule.Rule)).Where(rows => rows.Count() > 1).Select(rows => rows.Key).Should().BeEmpty();

    [Fact]
    public void Rule_is_on_a_test_that_runs()
    {
        var classes = Repository.TestAssemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsAbstract).ToList();
        var others =
            from rule in AwsRule.All
            from test in rule.Tests
            where !test.GetCustomAttributes().Any(attribute => attribute is IFactAttribute { Skip: null, Explicit: false })
                || !classes.Exists(test.DeclaringType!.IsAssignableFrom)
            select AwsRule.Name(test);

        others.Should().BeEmpty();
    }

    [Fact]
    public void Text_of_a_rule_is_in_each_of_its_tests()
    {
        var missing =
            from rule in AwsRule.All
            where rule.Text.Length > 0
            from test in rule.Tests
            let strings = DataOf(test).Concat(LiteralsOf(test)).ToList()
            where !Placeholder().Split(rule.Text).All(piece => strings.Exists(s => s.Contains(piece, StringComparison.Ordinal)))
            select $"{AwsRule.Name(test)}: {rule.Text}";

        missing.Should().BeEmpty();
    }

    private static IEnumerable<string> LiteralsOf(MethodInfo test) =>
        from method in Literals.MethodsOf(test.DeclaringType!)
        let isPart = method.Name.Contains($"<{test.Name}>", StringComparison.Ordinal)
            || method.DeclaringType!.Name.Contains($"<{test.Name}>", StringComparison.Ordinal)
        where method == test || isPart
        from literal in Literals.Of(method)
        select literal;

    private static IEnumerable<string> DataOf(MethodInfo test) => test.GetCustomAttributes().SelectMany(attribute => attribute switch
    {
        InlineDataAttribute inline => inline.Data,
        MemberDataAttribute member => RowsOf(test.DeclaringType!, member.MemberName).SelectMany(row => row.GetData()),
        _ => [],
    }).OfType<string>();

    private static IEnumerable<ITheoryDataRow> RowsOf(Type type, string member) =>
        (IEnumerable<ITheoryDataRow>)type.GetProperty(member)!.GetValue(null)!;

    [GeneratedRegex("<[^<>= ][^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
