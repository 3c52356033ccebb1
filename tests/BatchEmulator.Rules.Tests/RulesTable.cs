namespace BatchEmulator.Rules.Tests;

/// <summary>
/// Writes the table of rules, docs/aws-rules.md: the rows below each numbered heading are generated. Headings, prose and the list of rules
/// without a test are written by hand and stay.
/// </summary>
internal static class RulesTable
{
    private const string Heading = "\n## ";

    public static string File { get; } = Path.Combine(Repository.Root, "docs", "aws-rules.md");

    /// <summary>Returns the section numbers of a document.</summary>
    public static IEnumerable<string> Sections(string document) => document.Split(Heading).Where(IsNumbered).Select(Number);

    /// <summary>Replaces the tables of a document.</summary>
    public static string Rewrite(string document, IReadOnlyList<AwsRule> rules) =>
        string.Join(Heading, document.Split(Heading).Select(part => IsNumbered(part) ? Section(part, rules) : part));

    private static bool IsNumbered(string part) => char.IsAsciiDigit(part[0]);

    private static string Number(string part) => part.Split(' ')[0];

    private static string Section(string part, IReadOnlyList<AwsRule> rules)
    {
        var rows = rules.Where(rule => rule.Section == Number(part)).Select(Row);
        return $"{part.Split('\n')[0]}\n\n| evidence | rule | text | tests |\n| --- | --- | --- | --- |\n{string.Concat(rows)}";
    }

    private static string Row(AwsRule rule)
    {
        var text = rule.Text.Length == 0 ? "" : $" `{rule.Text}`";
        var tests = string.Join(' ', rule.Tests.Select(test => $"`{AwsRule.Name(test)}`"));
        return $"| {rule.Evidence.ToString().ToUpperInvariant()} | {rule.Rule} |{text} | {tests} |\n";
    }
}
